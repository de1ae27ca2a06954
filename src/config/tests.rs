//! Loading, end to end: a directory, an environment, flags.

use std::{ffi::OsString, fs, path::PathBuf, time::Duration};

use tempfile::TempDir;
use toml::Table;
use tracing::Level;

use super::{
    Config, ConfigError, CookiePrefix, Flags, Origin, ProxyHeaders, Secure, example,
    key::SECTIONS,
    load::load_from,
    variables::{FILE, variable},
};

/// A machine with nothing on it but what the test puts there.
struct Machine {
    dir: TempDir,
    environment: Vec<(OsString, OsString)>,
    flags: Flags,
}

impl Machine {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            environment: vec![("PATH".into(), "/bin".into())],
            flags: Flags::default(),
        }
    }

    fn with_config(text: &str) -> Self {
        Self::new().file("config.toml", text)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn file(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    fn load(&self) -> Result<Config, ConfigError> {
        load_from(&self.flags, self.environment.clone(), self.dir.path())
    }

    /// The faults as they are printed, without the path of the directory.
    fn faults(&self) -> Vec<String> {
        let error = self.load().unwrap_err().to_string();
        let here = format!("{}/", self.dir.path().display());
        error
            .replace(&here, "")
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

#[test]
fn an_empty_machine_has_the_defaults() {
    let machine = Machine::new();
    let config = machine.load().unwrap();
    assert_eq!(config, Config::default_in(machine.path("stead-data")));
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.auth.access, Duration::from_secs(900));
    assert!(config.server.worker_count() >= 1 && config.storage.reader_count() >= 2);
}

#[test]
fn the_file_overrules_defaults_the_environment_the_file_and_flags_both() {
    let text = "[server]\nlisten = \"10.0.0.1:1\"\nworkers = 3\n[log]\nlevel = \"debug\"\n";
    let mut machine = Machine::with_config(text);
    assert_eq!(machine.load().unwrap().server.listen.port(), 1);
    machine = machine.variable("STEAD_SERVER__LISTEN", "10.0.0.1:2");
    assert_eq!(machine.load().unwrap().server.listen.port(), 2);
    machine.flags.listen = Some("10.0.0.1:3".to_owned());
    let config = machine.load().unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!((config.server.workers, config.log.level), (3, Level::DEBUG));
}

#[test]
fn every_kind_of_value_can_stand_in_the_file() {
    let config = Machine::with_config(
        "[server]
        public_url = 'https://Example.org/'
        trusted_proxies = ['10.0.0.0/8', '::1']
        proxy_headers = 'forwarded'
        body_limit_bytes = 0x10_0000
        hsts_preload = true
        [cookies]
        secure = 'always'
        [auth]
        refresh_seconds = 86_400",
    );
    let Config {
        server,
        cookies,
        auth,
        ..
    } = config.load().unwrap();
    assert_eq!(server.public_url.unwrap().origin(), "https://example.org");
    assert!(server.trusted_proxies[0].contains("10.9.9.9".parse().unwrap()));
    assert_eq!(server.proxy_headers, ProxyHeaders::Forwarded);
    assert_eq!((server.body_limit, server.hsts_preload), (1 << 20, true));
    assert_eq!(cookies.secure, Secure::Always);
    assert_eq!(auth.refresh, Duration::from_secs(86_400));
}

#[test]
fn every_kind_of_value_can_stand_in_the_environment() {
    let machine = Machine::with_config("[server]\npublic_url = 'https://example.org'")
        .variable("STEAD_RATE_LIMIT__ENABLED", "false")
        .variable("STEAD_RATE_LIMIT__PER_MINUTE", "60")
        .variable("STEAD_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.7")
        .variable("STEAD_SERVER__PUBLIC_URL", "");
    let config = machine.load().unwrap();
    assert!(!config.rate_limit.enabled);
    assert_eq!(config.rate_limit.per_minute.get(), 60);
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert_eq!(config.server.public_url, None);
    let machine = machine.variable("STEAD_AUTH__PASSWORD_MIN", "12");
    let nobody = machine.variable("STEAD_COOKIES__SECURE", "never").load();
    assert_eq!(nobody.unwrap().cookies.secure, Secure::Never);
    let empty = Machine::new().variable("STEAD_SERVER__TRUSTED_PROXIES", "");
    assert_eq!(empty.load().unwrap().server.trusted_proxies, []);
}

#[test]
fn all_faults_are_told_at_once_each_with_its_place() {
    let mut machine = Machine::with_config(
        "sever.listen = 'x'\n\n[server]\nlistne = 'x'\nworkers = 'many'\nbody_limit_bytes = 1\n\
         [cookies]\nsecure = true\n",
    )
    .variable("STEAD_LOG__LEVEL", "loud")
    .variable("STEAD_SERVER__LISTNE", "x");
    machine.flags.listen = Some("8080".to_owned());
    assert_eq!(
        machine.faults(),
        [
            "config.toml:1: sever: unknown section; did you mean \"server\"?",
            "config.toml:4: server.listne: unknown key; did you mean \"listen\"?",
            "config.toml:5: server.workers: must be a whole number from 0 to 256, not \"many\"",
            "config.toml:6: server.body_limit_bytes: must be a whole number of bytes from 1024 to \
             104857600, not 1",
            "config.toml:8: cookies.secure: must be one of \"auto\", \"always\", \"never\", not \
             true",
            "STEAD_LOG__LEVEL: must be one of \"trace\", \"debug\", \"info\", \"warn\", \
             \"error\", not \"loud\"",
            "STEAD_SERVER__LISTNE: unknown variable; did you mean \"STEAD_SERVER__LISTEN\"?",
            "--listen: must be an IP address with a port, such as \"127.0.0.1:8080\" or \
             \"[::]:8080\", not \"8080\"",
        ]
    );
}

#[test]
fn a_key_in_the_wrong_section_is_shown_its_own() {
    let text = "listen = 'x'\nserver = 1\ndata_dir = 'x'\n[storage]\nper_minute = 1\n[a.b]\n";
    assert_eq!(
        Machine::with_config(text).faults(),
        [
            "config.toml:1: listen: unknown at the top of the file; it belongs in [server]",
            "config.toml:2: server: must be a section, [server]",
            "config.toml:3: data_dir: set by --data-dir or STEAD_DATA_DIR: the file may lie in it",
            "config.toml:5: storage.per_minute: unknown key; it belongs in [rate_limit]",
            "config.toml:6: a: unknown section",
        ]
    );
}

#[test]
fn out_of_range_means_out_of_range_whatever_the_number() {
    for (key, value) in [
        ("storage.readers", "65"),
        ("storage.readers", "-1"),
        ("storage.readers", "2.0"),
        ("storage.readers", "99999999999999999999"),
        ("storage.group_batches", "0"),
        ("auth.password_min", "7"),
        ("auth.hashes_at_once", "17"),
        ("rate_limit.per_minute", "0"),
        ("server.trusted_proxies", "['10.0.0.1/8']"),
        ("server.trusted_proxies", "[1]"),
        ("server.trusted_proxies", "'10.0.0.0/8'"),
        ("server.public_url", "'https://example.org/api'"),
        ("server.public_dir", "'/there/is/no/such/folder'"),
        ("server.public_dir", "'/etc/passwd'"),
        ("server.public_immutable", "['assets']"),
        ("server.public_policy", "''"),
        ("server.public_policy", "\"a\\nb\""),
        ("cookies.prefix", "'__Http-'"),
        ("cookies.prefix", "'a b'"),
        ("cors.origins", "['*']"),
        ("cors.origins", "['null']"),
        ("cors.origins", "['https://app.example.org/page']"),
        ("log.requests", "'true'"),
        ("log.requests", "{}"),
    ] {
        let faults = Machine::with_config(&format!("{key} = {value}")).faults();
        let [fault] = &faults[..] else {
            panic!("{key} = {value}: {faults:?}")
        };
        assert!(
            fault.starts_with(&format!("config.toml:1: {key}: ")),
            "{fault}"
        );
    }
}

#[test]
fn what_cannot_be_together_is_a_fault() {
    let never = "[cookies]\nsecure = 'never'\n";
    for prefix in ["__Host-", "__Secure-"] {
        let machine = Machine::with_config(never).variable("STEAD_COOKIES__PREFIX", prefix);
        let [fault] = &machine.faults()[..] else {
            panic!("{prefix} is taken")
        };
        assert!(
            fault.starts_with("cookies.prefix: browsers refuse"),
            "{fault}"
        );
    }
    let machine = Machine::with_config(never).variable("STEAD_COOKIES__PREFIX", "blog_");
    let own = CookiePrefix::Own("blog_".to_owned());
    assert_eq!(machine.load().unwrap().cookies.prefix, own);
}

#[test]
fn a_front_end_and_other_origins_can_be_set() {
    let machine = Machine::new();
    fs::create_dir(machine.path("www")).unwrap();
    let folder = machine.path("www").display().to_string();
    let machine = machine
        .variable("STEAD_SERVER__PUBLIC_DIR", &folder)
        .variable("STEAD_SERVER__PUBLIC_IMMUTABLE", "/assets/, /fonts/")
        .variable(
            "STEAD_CORS__ORIGINS",
            "https://App.example.org, http://localhost:5173",
        )
        .variable("STEAD_CORS__MAX_AGE_SECONDS", "0");
    let Config { server, cors, .. } = machine.load().unwrap();
    assert_eq!(server.public_dir.unwrap().display().to_string(), folder);
    assert_eq!(server.public_immutable, ["/assets/", "/fonts/"]);
    let origins: Vec<&str> = cors.origins.iter().map(Origin::as_str).collect();
    assert_eq!(
        origins,
        ["https://app.example.org", "http://localhost:5173"]
    );
    assert_eq!(cors.max_age, Duration::ZERO);
}

#[test]
fn broken_toml_is_told_with_its_lines_and_the_rest_all_the_same() {
    let text = "[server]\nworkers = = 1\n[log]\nlevel = 1\nlevel = 2\n\n[server]\nlisten\n";
    let machine = Machine::with_config(text).variable("STEAD_NONSENSE", "1");
    assert_eq!(
        machine.faults(),
        [
            "config.toml:2: extra `=`, expected nothing",
            "config.toml:5: duplicate key",
            "config.toml:7: duplicate key",
            "config.toml:8: key with no value, expected `=`",
            "STEAD_NONSENSE: unknown variable",
        ]
    );
}

#[test]
fn a_file_that_cannot_be_read_is_not_taken_for_a_missing_one() {
    let machine = Machine::with_config("server.workers = 1");
    fs::write(machine.path("config.toml"), b"\xff").unwrap();
    assert_eq!(
        machine.faults(),
        ["config.toml: cannot be read: stream did not contain valid UTF-8"]
    );
}

#[test]
fn the_file_is_looked_for_in_the_data_directory_first() {
    let machine = Machine::with_config("server.workers = 1");
    assert_eq!(
        machine.load().unwrap().file,
        Some(machine.path("config.toml"))
    );
    let machine = machine.file("stead-data/config.toml", "server.workers = 2");
    assert_eq!(machine.load().unwrap().server.workers, 2);
    let named = machine.path("named.toml");
    let mut machine = machine
        .file("named.toml", "server.workers = 3")
        .variable("STEAD_CONFIG", named);
    assert_eq!(machine.load().unwrap().server.workers, 3);
    machine = machine.file("flag.toml", "server.workers = 4");
    machine.flags.config = Some(machine.path("flag.toml"));
    assert_eq!(machine.load().unwrap().server.workers, 4);
}

#[test]
fn a_named_file_that_is_missing_is_a_fault() {
    let mut machine = Machine::with_config("server.workers = 1");
    let missing = machine.path("missing.toml");
    machine = machine.variable("STEAD_CONFIG", missing.clone());
    let [fault] = &machine.faults()[..] else {
        panic!()
    };
    assert!(
        fault.starts_with("STEAD_CONFIG: cannot read missing.toml: No such"),
        "{fault}"
    );
    machine.flags.config = Some(missing);
    let [fault] = &machine.faults()[..] else {
        panic!()
    };
    assert!(
        fault.starts_with("--config: cannot read missing.toml: No such"),
        "{fault}"
    );
}

#[test]
fn a_credential_overrules_the_file_and_the_environment_a_credential() {
    let text = "[server]\nlisten = \"10.0.0.1:1\"\n";
    let mut machine = Machine::with_config(text)
        .file("credentials/server.listen", "10.0.0.1:2\n")
        .file("credentials/server.tls_certificate", "a chain")
        .file("credentials/tls.key", "for a path of its own");
    let credentials = machine.path("credentials");
    machine = machine.variable("CREDENTIALS_DIRECTORY", &credentials);
    let key = credentials.join("tls.key");
    machine = machine.variable("STEAD_SERVER__TLS_KEY_FILE", &key);
    let server = machine.load().unwrap().server;
    assert_eq!(server.listen.port(), 2);
    // Of a setting that names a file, the credential is that file.
    let chain = credentials.join("server.tls_certificate");
    assert_eq!(server.tls_files(), Some((chain.as_path(), key.as_path())));
    machine = machine.variable("STEAD_SERVER__LISTEN", "10.0.0.1:3");
    assert_eq!(machine.load().unwrap().server.listen.port(), 3);
}

#[test]
fn credentials_that_cannot_be_read_are_a_fault() {
    let machine = Machine::new().variable("CREDENTIALS_DIRECTORY", "/nowhere/at/all");
    let faults = machine.faults();
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].starts_with("/nowhere/at/all: cannot be read"),
        "{faults:?}"
    );
}

#[test]
fn the_state_directory_of_a_service_is_its_data_directory() {
    let mut machine = Machine::new().variable("STATE_DIRECTORY", "/var/lib/stead:/var/lib/more");
    let data_dir = |machine: &Machine| machine.load().unwrap().data_dir;
    assert_eq!(data_dir(&machine), PathBuf::from("/var/lib/stead"));
    machine = machine.variable("STEAD_DATA_DIR", "/srv/stead");
    assert_eq!(data_dir(&machine), PathBuf::from("/srv/stead"));
    let empty = Machine::new().variable("STATE_DIRECTORY", "");
    assert_eq!(data_dir(&empty), empty.path("stead-data"));
}

#[test]
fn the_data_directory_comes_from_flag_or_environment() {
    let mut machine = Machine::new().variable("STEAD_DATA_DIR", "/srv/stead");
    assert_eq!(
        machine.load().unwrap().data_dir,
        PathBuf::from("/srv/stead")
    );
    machine.flags.data_dir = Some("/srv/other".into());
    assert_eq!(
        machine.load().unwrap().data_dir,
        PathBuf::from("/srv/other")
    );
    let empty = Machine::new().variable("STEAD_DATA_DIR", "").faults();
    assert_eq!(
        empty,
        ["STEAD_DATA_DIR: is empty: name a path, or unset it"]
    );
}

#[test]
fn a_value_may_stand_in_a_file_of_its_own_and_is_not_repeated() {
    let machine = Machine::new()
        .file("workers", " 7\n")
        .file("bad", "swordfish\n");
    let (good, bad) = (machine.path("workers"), machine.path("bad"));
    let machine = machine.variable("STEAD_SERVER__WORKERS_FILE", good);
    assert_eq!(machine.load().unwrap().server.workers, 7);
    let machine = machine
        .variable("STEAD_SERVER__PUBLIC_URL_FILE", bad.clone())
        .variable("STEAD_SERVER__TRUSTED_PROXIES_FILE", bad)
        .variable("STEAD_LOG__LEVEL_FILE", "/nowhere/at/all")
        .variable("STEAD_SERVER__WORKERS", "7");
    let faults = machine.faults();
    assert_eq!(faults.len(), 4, "{faults:#?}");
    assert!(
        faults[0].starts_with("STEAD_LOG__LEVEL_FILE: cannot read /nowhere"),
        "{faults:#?}"
    );
    assert!(!faults.concat().contains("swordfish"), "{faults:#?}");
    let twice = "STEAD_SERVER__WORKERS_FILE: STEAD_SERVER__WORKERS is set too: give one of them";
    assert_eq!(faults[3], twice);
}

#[cfg(unix)]
#[test]
fn bytes_that_are_no_text_are_a_fault_only_where_text_is_needed() {
    use std::os::unix::ffi::OsStringExt;

    let odd = || OsString::from_vec(b"/srv/\xff".to_vec());
    let machine = Machine::new().variable("STEAD_DATA_DIR", odd());
    assert_eq!(machine.load().unwrap().data_dir, PathBuf::from(odd()));
    let faults = machine.variable("STEAD_LOG__LEVEL", odd()).faults();
    assert_eq!(faults, ["STEAD_LOG__LEVEL: is not UTF-8"]);
}

#[test]
fn the_example_file_is_what_the_code_says() {
    let file = include_str!("../../config.example.toml");
    let expected = example();
    let mut lines = file.lines().zip(expected.lines());
    let equal = lines.position(|(found, expected)| found != expected);
    assert!(
        file == expected,
        "config.example.toml differs after {equal:?} lines; it should be:\n{expected}"
    );
}

#[test]
fn the_example_file_names_every_key_with_its_default_and_reason() {
    let text = include_str!("../../config.example.toml");
    let mut defaults = Config::default_in(PathBuf::new());
    for section in SECTIONS {
        let (_, rest) = text.split_once(&format!("\n[{}]\n", section.name)).unwrap();
        let own = rest.split("\n[").next().unwrap();
        for key in section.keys {
            let line = format!("\n# {} = {}\n", key.name(), key.show(&mut defaults));
            let (above, _) = own.split_once(&line).unwrap_or_else(|| panic!("no {line}"));
            assert!(
                above.lines().last().unwrap().starts_with("# "),
                "no reason above {line}"
            );
            assert!(!key.reason().is_empty() && key.reason().ends_with('.'));
        }
    }
}

#[test]
fn the_example_file_can_be_used_as_it_is_and_uncommented() {
    let text = include_str!("../../config.example.toml");
    let mut machine = Machine::with_config(text);
    let defaults = Config::default_in(machine.path("stead-data"));
    let same = |config: Config| Config {
        file: None,
        sources: Default::default(),
        ..config
    };
    assert_eq!(same(machine.load().unwrap()), defaults);
    let keys = || SECTIONS.iter().flat_map(|section| section.keys);
    let is_key = |line: &str| keys().any(|key| line.starts_with(&format!("# {} = ", key.name())));
    let bare: String = text
        .lines()
        .map(|line| {
            if is_key(line) {
                format!("{}\n", &line[2..])
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    let tables: Table = bare.parse().unwrap();
    let set: usize = tables
        .values()
        .map(|table| table.as_table().unwrap().len())
        .sum();
    assert_eq!(set, keys().count());
    machine = machine.file("config.toml", &bare);
    assert_eq!(same(machine.load().unwrap()), defaults);
}

#[test]
fn no_key_could_be_taken_for_the_file_of_another() {
    for section in SECTIONS {
        for key in section.keys {
            let name = variable(section.name, key.name());
            assert!(!name.ends_with(FILE), "{name}");
            assert!(!key.name().contains("__"), "{name}");
        }
    }
}
