//! The settings of the process, read from the environment and from `.env`. One table says their names, defaults and meanings, so that the
//! help text and the reading cannot disagree. Knows nothing of what the settings do.

use chrono_tz::Tz;
use engine::EngineConfig;
use engine::config::BucketUrl;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Name, default and meaning of a setting.
struct Setting {
    name: &'static str,
    default: &'static str,
    meaning: &'static str,
}

const SETTINGS: &[Setting] = &[
    Setting {
        name: "DATABASE_URL",
        default: "",
        meaning: "PostgreSQL server, postgres://user@host/database; absent: a private cluster under the data folder",
    },
    Setting {
        name: "SILHOUETTE_DATA",
        default: ".data",
        meaning: "folder of uploads, sealed files and the private cluster",
    },
    Setting {
        name: "SILHOUETTE_WAREHOUSE_URL",
        default: "",
        meaning: "where sealed files are kept, file:///… or s3://bucket/prefix (with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for a server of your own, AWS_ENDPOINT and AWS_ALLOW_HTTP=true); absent: warehouse in the data folder",
    },
    Setting {
        name: "SILHOUETTE_ENGINE_URL",
        default: "",
        meaning: "where analyses run; absent: in this process (df://host:port, a Ballista scheduler, comes later)",
    },
    Setting {
        name: "SILHOUETTE_ADDR",
        default: "127.0.0.1:3000",
        meaning: "address and port to listen on",
    },
    Setting {
        name: "SILHOUETTE_SITE_ROOT",
        default: "target/site",
        meaning: "folder of the built browser files",
    },
    Setting {
        name: "SILHOUETTE_PUBLIC_URL",
        default: "",
        meaning: "address that people type, https://…; absent: what their browser says; https makes cookies secure",
    },
    Setting {
        name: "SILHOUETTE_CURRENCY",
        default: "EUR",
        meaning: "currency of every analysis and of amounts that name none",
    },
    Setting {
        name: "SILHOUETTE_TIME_ZONE",
        default: "UTC",
        meaning: "zone of local dates, such as Asia/Shanghai; fixed by the first commit of data",
    },
    Setting {
        name: "SILHOUETTE_SMTP_URL",
        default: "",
        meaning: "mail server, smtp:// or smtps://; absent: no mail is sent",
    },
    Setting {
        name: "SILHOUETTE_WORKERS",
        default: "2",
        meaning: "jobs that one process runs at the same time",
    },
    Setting {
        name: "SILHOUETTE_MAX_UPLOAD_MB",
        default: "65536",
        meaning: "largest file that may be uploaded, in megabytes",
    },
    Setting {
        name: "SILHOUETTE_QUERY_MEMORY_MB",
        default: "2048",
        meaning: "memory that analyses may hold together before they spill to disk, in megabytes",
    },
    Setting {
        name: "SILHOUETTE_WEBHOOK_PRIVATE",
        default: "no",
        meaning: "yes: webhooks may lead to this machine and into private networks, and begin with http://",
    },
    Setting {
        name: "SILHOUETTE_LOG",
        default: "info",
        meaning: "what is logged to standard error, as a tracing filter",
    },
];

/// The settings as the end of `--help` shows them.
pub fn help() -> String {
    let mut text =
        String::from("Settings are environment variables; a file .env in the working folder is read, too.\n\n");
    for setting in SETTINGS {
        let default = if setting.default.is_empty() {
            "absent"
        } else {
            setting.default
        };
        text.push_str(&format!("  {:<27} [{default}] {}\n", setting.name, setting.meaning));
    }
    text
}

/// A setting that cannot be taken: one line that names it.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {reason}")]
pub struct BadSetting {
    name: &'static str,
    reason: String,
}

#[derive(Clone, Debug)]
pub struct Settings {
    pub engine: EngineConfig,
    pub addr: SocketAddr,
    pub site_root: PathBuf,
    /// Scheme, host and port that people type, without a slash at the end.
    pub public_url: Option<String>,
    pub workers: usize,
}

impl Settings {
    /// From the environment of the process.
    pub fn read() -> Result<Settings, BadSetting> {
        Settings::from(|name| std::env::var(name).ok())
    }

    /// From any source of variables; a blank value is an absent one.
    fn from(variable: impl Fn(&str) -> Option<String>) -> Result<Settings, BadSetting> {
        let given = |name: &str| {
            variable(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let with_default = |name: &'static str| {
            let default = SETTINGS
                .iter()
                .find(|setting| setting.name == name)
                .map_or("", |setting| setting.default);
            given(name).unwrap_or_else(|| default.to_owned())
        };
        if let Some(url) = given("SILHOUETTE_ENGINE_URL") {
            return Err(BadSetting {
                name: "SILHOUETTE_ENGINE_URL",
                reason: format!("{url} names an engine outside this process, which comes later; leave it out"),
            });
        }
        if let Some(url) = given("SILHOUETTE_SMTP_URL")
            && !["smtp://", "smtps://"].iter().any(|scheme| url.starts_with(scheme))
        {
            return Err(BadSetting {
                name: "SILHOUETTE_SMTP_URL",
                reason: "is written smtp://… or smtps://…".into(),
            });
        }
        let mut engine = EngineConfig::new(PathBuf::from(with_default("SILHOUETTE_DATA")));
        engine.database_url = given("DATABASE_URL").map(database_url).transpose()?;
        if let Some(url) = given("SILHOUETTE_WAREHOUSE_URL") {
            match url.starts_with("s3://") {
                true => engine.bucket = Some(bucket(&url)?),
                false => engine.warehouse_dir = warehouse_dir(&url)?,
            }
        }
        engine.currency = currency(with_default("SILHOUETTE_CURRENCY"))?;
        engine.time_zone = time_zone(&with_default("SILHOUETTE_TIME_ZONE"))?;
        engine.max_upload_bytes = megabytes("SILHOUETTE_MAX_UPLOAD_MB", &with_default("SILHOUETTE_MAX_UPLOAD_MB"))?;
        let memory = megabytes(
            "SILHOUETTE_QUERY_MEMORY_MB",
            &with_default("SILHOUETTE_QUERY_MEMORY_MB"),
        )?;
        engine.query_memory_bytes = usize::try_from(memory).unwrap_or(usize::MAX);
        engine.webhook_private = yes_no(
            "SILHOUETTE_WEBHOOK_PRIVATE",
            &with_default("SILHOUETTE_WEBHOOK_PRIVATE"),
        )?;
        Ok(Settings {
            engine,
            addr: with_default("SILHOUETTE_ADDR").parse().map_err(|_| BadSetting {
                name: "SILHOUETTE_ADDR",
                reason: "is an address and a port, such as 127.0.0.1:3000 or [::]:8080".into(),
            })?,
            site_root: PathBuf::from(with_default("SILHOUETTE_SITE_ROOT")),
            public_url: given("SILHOUETTE_PUBLIC_URL").map(|url| public_url(&url)).transpose()?,
            workers: whole("SILHOUETTE_WORKERS", &with_default("SILHOUETTE_WORKERS"), 1, 64)?,
        })
    }

    /// Whether people reach us through https.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// What `SILHOUETTE_LOG` says.
pub fn log_filter() -> String {
    std::env::var("SILHOUETTE_LOG")
        .ok()
        .filter(|filter| !filter.trim().is_empty())
        .unwrap_or_else(|| "info".into())
}

fn database_url(url: String) -> Result<String, BadSetting> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(url);
    }
    Err(BadSetting {
        name: "DATABASE_URL",
        reason: "is written postgres://user@host/database".into(),
    })
}

fn warehouse_dir(url: &str) -> Result<PathBuf, BadSetting> {
    match url.strip_prefix("file://") {
        Some(path) if path.starts_with('/') => Ok(PathBuf::from(path)),
        _ => Err(BadSetting {
            name: "SILHOUETTE_WAREHOUSE_URL",
            reason: "is written file:///path/of/a/folder or s3://bucket/prefix".into(),
        }),
    }
}

fn bucket(url: &str) -> Result<BucketUrl, BadSetting> {
    BucketUrl::parse(url).map_err(|reason| BadSetting {
        name: "SILHOUETTE_WAREHOUSE_URL",
        reason: reason.into(),
    })
}

fn currency(code: String) -> Result<String, BadSetting> {
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(code);
    }
    Err(BadSetting {
        name: "SILHOUETTE_CURRENCY",
        reason: format!("{code} is not three capital letters, such as EUR or CNY"),
    })
}

fn time_zone(name: &str) -> Result<Tz, BadSetting> {
    name.parse().map_err(|_| BadSetting {
        name: "SILHOUETTE_TIME_ZONE",
        reason: format!("{name} is not a time zone, such as UTC or Asia/Shanghai"),
    })
}

fn public_url(url: &str) -> Result<String, BadSetting> {
    let url = url.trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(url.to_ascii_lowercase()),
        _ => Err(BadSetting {
            name: "SILHOUETTE_PUBLIC_URL",
            reason: "is written https://host, without a path".into(),
        }),
    }
}

fn yes_no(name: &'static str, text: &str) -> Result<bool, BadSetting> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(BadSetting {
            name,
            reason: format!("{other} is neither yes nor no"),
        }),
    }
}

fn megabytes(name: &'static str, text: &str) -> Result<u64, BadSetting> {
    let megabytes: usize = whole(name, text, 1, 1 << 24)?;
    Ok(megabytes as u64 * 1_000_000)
}

fn whole(name: &'static str, text: &str, least: usize, most: usize) -> Result<usize, BadSetting> {
    text.parse()
        .ok()
        .filter(|value| (least..=most).contains(value))
        .ok_or_else(|| BadSetting {
            name,
            reason: format!("{text} is not a whole number from {least} to {most}"),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Settings, BadSetting> {
        Settings::from(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn defaults_are_those_of_the_help_text() {
        let settings = with(&[]).unwrap();
        assert_eq!(settings.addr.to_string(), "127.0.0.1:3000");
        assert_eq!(
            (settings.engine.currency.as_str(), settings.engine.time_zone),
            ("EUR", Tz::UTC)
        );
        assert_eq!(settings.engine.warehouse_dir, PathBuf::from(".data/warehouse"));
        assert!(settings.engine.database_url.is_none() && !settings.is_https());
        for setting in SETTINGS {
            assert!(
                help().contains(setting.name) && help().contains(setting.default),
                "{}",
                setting.name
            );
        }
    }

    #[test]
    fn a_bad_setting_is_named_in_one_line() {
        for (name, value) in [
            ("DATABASE_URL", "mysql://x"),
            ("SILHOUETTE_ADDR", "here"),
            ("SILHOUETTE_CURRENCY", "euro"),
            ("SILHOUETTE_TIME_ZONE", "Mars/Olympus"),
            ("SILHOUETTE_PUBLIC_URL", "https://a.example/path"),
            ("SILHOUETTE_WORKERS", "0"),
            ("SILHOUETTE_MAX_UPLOAD_MB", "much"),
            ("SILHOUETTE_WAREHOUSE_URL", "s3://bucket/../x"),
            ("SILHOUETTE_ENGINE_URL", "df://host:50050"),
            ("SILHOUETTE_SMTP_URL", "mail.example"),
            ("SILHOUETTE_WEBHOOK_PRIVATE", "perhaps"),
        ] {
            let said = with(&[(name, value)]).unwrap_err().to_string();
            assert!(said.starts_with(&format!("{name}: ")) && !said.contains('\n'), "{said}");
        }
    }

    #[test]
    fn webhooks_stay_outside_unless_said_otherwise() {
        assert!(!with(&[]).unwrap().engine.webhook_private);
        assert!(
            with(&[("SILHOUETTE_WEBHOOK_PRIVATE", "yes")])
                .unwrap()
                .engine
                .webhook_private
        );
    }

    #[test]
    fn sealed_files_in_a_bucket_have_a_mirror_in_the_data_folder() {
        let settings = with(&[("SILHOUETTE_WAREHOUSE_URL", "s3://bucket/x/")]).unwrap();
        assert_eq!(settings.engine.bucket.unwrap().to_string(), "s3://bucket/x");
        assert_eq!(settings.engine.warehouse_dir, PathBuf::from(".data/warehouse"));
    }

    #[test]
    fn blank_settings_are_absent_ones() {
        let settings = with(&[
            ("DATABASE_URL", " "),
            ("SILHOUETTE_PUBLIC_URL", "https://Shop.example/"),
        ])
        .unwrap();
        assert!(settings.engine.database_url.is_none());
        assert_eq!(settings.public_url.as_deref(), Some("https://shop.example"));
        assert!(settings.is_https());
    }
}
