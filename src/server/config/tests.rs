//! The settings, read.

use super::*;

fn config(text: &str) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("Leptos.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(Overrides { file: Some(path), ..Overrides::default() })
}

fn error(text: &str) -> String {
    let error = config(text).unwrap_err().to_string();
    assert!(error.contains("Leptos.toml"), "names the file: {error}");
    assert_eq!(error.lines().count(), 1, "one sentence: {error}");
    error
}

#[test]
fn without_a_file_everything_has_a_default() {
    let config = Config::build(SettingsFile::default(), Overrides::default(), Path::new("x")).unwrap();
    assert_eq!(config.addr.to_string(), "127.0.0.1:3000");
    assert_eq!(config.limits, Limits::default());
    assert_eq!(config.heartbeat, Duration::from_secs(15), "as the protocol says");
    assert!(config.demo);
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let overrides = Overrides { file: Some("/nowhere/x.toml".into()), ..Overrides::default() };
    let error = Config::load(overrides).unwrap_err().to_string();
    assert!(error.contains("/nowhere/x.toml"), "{error}");
}

#[test]
fn every_setting_is_read() {
    let config = config(
        r#"
        [server]
        addr = "0.0.0.0:8080"
        public_url = "https://chat.example.org/"
        demo = false
        default_model = "ollama/llama3.2"
        heartbeat_seconds = 0.5
        [store]
        data = "answers"
        [limits]
        body_bytes = 1
        prompt_bytes = 2
        answer_bytes = 3
        running = 4
        running_per_owner = 5
        [timeouts]
        connect_seconds = 5
        first_seconds = 6
        between_seconds = 7
        grace_seconds = 8
        [[providers]]
        name = "ollama"
        base_url = "http://localhost:11434/v1"
        models = ["llama3.2"]
        "#,
    )
    .unwrap();
    assert_eq!(config.addr.to_string(), "0.0.0.0:8080");
    assert_eq!(config.public_url.unwrap().origin(), "https://chat.example.org");
    assert!(!config.demo);
    assert_eq!(config.default_model.as_deref(), Some("ollama/llama3.2"));
    assert_eq!(config.heartbeat, Duration::from_millis(500));
    let limits = Limits { body_bytes: 1, prompt_bytes: 2, answer_bytes: 3, running: 4, running_per_owner: 5 };
    assert_eq!(config.limits, limits);
    assert_eq!(config.data, Data::Folder("answers".into()));
    let seconds =
        [config.timeouts.connect, config.timeouts.first, config.timeouts.between, config.timeouts.grace];
    assert_eq!(seconds.map(|duration| duration.as_secs()), [5, 6, 7, 8]);
    assert_eq!(config.providers[0].models, ["llama3.2"]);
}

#[test]
fn a_mistake_is_one_sentence_that_names_the_key() {
    let cases = [
        ("[server]\nadrr = \"x\"", "adrr"),
        ("[sever]", "sever"),
        ("[server]\naddr = \"localhost\"", "addr"),
        ("[server]\nheartbeat_seconds = 0", "heartbeat_seconds"),
        ("[server]\nheartbeat_seconds = 31", "at most 30"),
        ("[server]\npublic_url = \"https://a.test/chat\"", "public_url"),
        ("[limits]\nrunning = \"many\"", "running"),
        ("[[providers]]\nname = \"a\"\nbase_url = \"ftp://x\"", "base_url"),
        (
            "[[providers]]\nname = \"a\"\nbase_url = \"http://x\"\nkey_env = \"SLUICE_NOT_SET\"",
            "SLUICE_NOT_SET",
        ),
        ("[[providers]]\nname = \"a/b\"\nbase_url = \"http://x\"", "name"),
        ("[[providers]]\nname = \"demo\"\nbase_url = \"http://x\"", "demo"),
        ("[package.metadata.leptos]\noutput-nme = \"sluice\"", "output-nme"),
        ("[package.metadata.leptos]\noutput-name = \"sluice\"\n[server]", "last"),
        ("[server", "line 1"),
    ];
    for (text, names) in cases {
        let error = error(text);
        assert!(error.contains(names), "{text:?} gives {error}");
    }
}

#[test]
fn the_shipped_file_agrees_with_what_cargo_leptos_reads() {
    let read = |name: &str| {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        let table: toml::Table = text.parse().unwrap();
        table["package"]["metadata"]["leptos"].as_table().unwrap().clone()
    };
    let (ours, build) = (read("Leptos.toml"), read("Cargo.toml"));
    for (key, value) in &ours {
        assert_eq!(Some(value), build.get(key), "`{key}` differs between Leptos.toml and Cargo.toml");
    }
    assert!(ours.contains_key("output-name"));
}

#[test]
fn a_key_is_never_shown() {
    let upstream = Upstream {
        name: "a".to_owned(),
        base_url: "http://x".parse().unwrap(),
        key: Some("sk-secret".to_owned()),
        models: Vec::new(),
    };
    assert!(!format!("{upstream:?}").contains("secret"));
}
