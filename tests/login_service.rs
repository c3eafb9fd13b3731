//! A login service on the loopback: says who somebody is, signed, as OpenID Connect has it.

use crate::server::between;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A running service, which ends with the process.
pub(crate) struct LoginService {
    /// `http://127.0.0.1:PORT`.
    pub(crate) issuer: String,
    known: Arc<Mutex<Known>>,
}

struct Known {
    issuer: String,
    published: CoreEdDsaPrivateSigningKey,
    signing: CoreEdDsaPrivateSigningKey,
    /// How often it was asked what it is.
    asked: usize,
    /// By code: whom it is for, and the challenge that came with the question.
    codes: HashMap<String, (Value, String)>,
}

impl LoginService {
    /// Starts a service that knows nobody yet.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let known = Arc::new(Mutex::new(Known {
            issuer: issuer.clone(),
            published: key(1),
            signing: key(1),
            asked: 0,
            codes: HashMap::new(),
        }));
        let asked = Arc::clone(&known);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &asked);
            }
        });
        Self { issuer, known }
    }

    /// Somebody with these claims has logged in there, sent by the address `question`: gives the state and a code. Claims
    /// that every token has are put in where `claims` has no others.
    pub(crate) fn vouch(&self, question: &str, claims: &Value) -> (String, String) {
        let field = |name: &str| {
            let pair = between(&format!("{question}&"), &format!("{name}="), "&");
            pair.unwrap_or_else(|| panic!("no {name} in {question}"))
        };
        assert_eq!(field("response_type"), "code");
        assert_eq!(field("code_challenge_method"), "S256");
        let now = jiff::Timestamp::now().as_second();
        let mut all = json!({
            "iss": self.issuer, "aud": field("client_id"), "nonce": field("nonce"),
            "iat": now, "exp": now + 300,
        });
        for (name, value) in claims.as_object().expect("claims") {
            all[name] = value.clone();
        }
        let mut known = self.known.lock().expect("nobody panicked");
        let code = format!("code-{}", known.codes.len());
        known.codes.insert(code.clone(), (all, field("code_challenge")));
        (field("state"), code)
    }

    /// How often it was asked what it is.
    pub(crate) fn asked(&self) -> usize {
        self.known.lock().expect("nobody panicked").asked
    }

    /// From now on signs with a key that it does not publish.
    pub(crate) fn sign_with_another_key(&self) {
        self.known.lock().expect("nobody panicked").signing = key(2);
    }
}

/// The key that is made of `seed`: PKCS #8 around 32 bytes.
fn key(seed: u8) -> CoreEdDsaPrivateSigningKey {
    let mut bytes = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
    bytes.extend([seed; 32]);
    let kind = "PRIVATE KEY";
    let pem = format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(bytes));
    let id = JsonWebKeyId::new("the key".to_owned());
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(id)).expect("is a key")
}

/// One request, one answer, and the connection is closed.
fn answer(mut stream: TcpStream, known: &Mutex<Known>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut first = String::new();
    if reader.read_line(&mut first).is_err() {
        return;
    }
    let mut length = 0;
    for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some(given) = line.to_lowercase().strip_prefix("content-length: ") {
            length = given.parse().expect("a number");
        }
    }
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let mut known = known.lock().expect("nobody panicked");
    let said = match path {
        "/.well-known/openid-configuration" => {
            known.asked += 1;
            Some(metadata(&known.issuer))
        }
        "/keys" => Some(json!({ "keys": [known.published.as_verification_key()] })),
        "/token" => tokens(&mut known, &String::from_utf8_lossy(&body)),
        _ => None,
    };
    let (status, said) = match said {
        Some(said) => ("200 OK", said),
        None => ("400 Bad Request", json!({ "error": "invalid_grant" })),
    };
    let said = said.to_string();
    // What a client does with an answer is the client's matter: it may be gone by now.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{said}",
        said.len()
    );
}

fn metadata(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    })
}

/// The tokens for a code, which is good once and for who asked the question.
fn tokens(known: &mut Known, form: &str) -> Option<Value> {
    let field = |name: &str| between(&format!("{form}&"), &format!("{name}="), "&");
    let (claims, challenge) = known.codes.remove(&field("code")?)?;
    let verified = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")?));
    if verified != challenge {
        return None;
    }
    let head = json!({ "alg": "EdDSA", "typ": "JWT", "kid": "the key" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&head), part(&claims));
    let signature = known.signing.sign(&CoreJwsSigningAlgorithm::EdDsa, message.as_bytes()).ok()?;
    let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
    Some(json!({ "access_token": "access", "token_type": "Bearer", "id_token": token }))
}
