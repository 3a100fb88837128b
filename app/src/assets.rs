//! Where the browser finds script, style and browser code. Their names carry a hash of their contents, so they may be kept for ever.

use leptos::config::LeptosOptions;
use std::path::Path;

/// The built site: its folder and the names of the hashed files.
#[derive(Clone, Debug)]
pub struct Site {
    pub options: LeptosOptions,
    /// The same for the page on which rules are built, which loads more.
    pub builder: LeptosOptions,
    pub style: String,
}

impl Site {
    /// Reads `pkg/hash.txt` below `root`. Without it the names carry no hash, as a build by hand leaves them.
    pub fn read(root: &Path) -> Site {
        let hash = std::fs::read_to_string(root.join("pkg").join("hash.txt")).unwrap_or_default();
        let hash = hash.trim();
        let named = |name: &str| match hash {
            "" => name.to_owned(),
            hash => format!("{name}.{hash}"),
        };
        let options = |name: &str| {
            LeptosOptions::builder()
                .output_name(named(name))
                .site_root(root.display().to_string())
                .site_pkg_dir("pkg")
                .build()
        };
        Site {
            options: options("silhouette"),
            builder: options("silhouette-builder"),
            style: format!("/pkg/{}.css", named("silhouette")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_hash_file() {
        let root = std::env::temp_dir().join(format!("silhouette-assets-{}", std::process::id()));
        assert_eq!(Site::read(&root).style, "/pkg/silhouette.css");
        std::fs::create_dir_all(root.join("pkg")).unwrap();
        std::fs::write(root.join("pkg/hash.txt"), "1a2b3c\n").unwrap();
        let site = Site::read(&root);
        assert_eq!(site.style, "/pkg/silhouette.1a2b3c.css");
        assert_eq!(&*site.options.output_name, "silhouette.1a2b3c");
        assert_eq!(&*site.builder.output_name, "silhouette-builder.1a2b3c");
        std::fs::remove_dir_all(&root).unwrap();
    }
}
