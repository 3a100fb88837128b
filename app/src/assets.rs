//! Where the browser finds script, style and browser code. Their names carry a hash of their contents, so they may be kept for ever.

use leptos::config::LeptosOptions;
use std::path::Path;

/// The built site: its folder and the names of the hashed files.
#[derive(Clone, Debug)]
pub struct Site {
    pub options: LeptosOptions,
    pub style: String,
}

impl Site {
    /// Reads `pkg/hash.txt` below `root`. Without it the names carry no hash, as a build by hand leaves them.
    pub fn read(root: &Path) -> Site {
        let hash = std::fs::read_to_string(root.join("pkg").join("hash.txt")).unwrap_or_default();
        let hash = hash.trim();
        let name = if hash.is_empty() {
            "silhouette".to_owned()
        } else {
            format!("silhouette.{hash}")
        };
        let options = LeptosOptions::builder()
            .output_name(name.clone())
            .site_root(root.display().to_string())
            .site_pkg_dir("pkg")
            .build();
        Site {
            options,
            style: format!("/pkg/{name}.css"),
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
        std::fs::remove_dir_all(&root).unwrap();
    }
}
