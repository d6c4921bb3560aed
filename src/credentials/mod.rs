//! Which key pair signs: the document's, or the environment's.

use std::borrow::Cow;

use crate::config::client::{ClientOptions, Credentials};
use crate::config::environment::{Environment, NotUtf8};
use crate::config::key_text::{flaw, needs_token};
use crate::error::{CredentialSource, Error};

/// No source gave a whole pair.
#[derive(Debug)]
pub struct NoCredentials {
    /// Every source that was tried, with its reason.
    pub sources: Vec<CredentialSource>,
    /// A source is configured, and not usable as it is.
    pub is_broken: bool,
}

impl From<NoCredentials> for Error {
    fn from(none: NoCredentials) -> Error {
        Error::Credentials(none.sources)
    }
}

/// Finds the first source that gives a whole pair.
pub(crate) fn find<'a>(
    client: &'a ClientOptions,
    environment: &Environment,
) -> Result<Cow<'a, Credentials>, NoCredentials> {
    // An explicit pair takes no token from the environment: it would belong to other keys.
    if let Some(credentials) = &client.credentials {
        return Ok(Cow::Borrowed(credentials));
    }
    let mut sources = vec![CredentialSource {
        name: "client",
        reason: "client.access_key_id and client.access_key_secret are not given".to_owned(),
    }];
    let (reason, is_broken) = match from_environment(environment) {
        Ok(Some(credentials)) => return Ok(Cow::Owned(credentials)),
        Ok(None) => (format!("{ID} and {SECRET} are not set"), false),
        Err(reason) => (reason, true),
    };
    sources.push(CredentialSource { name: "environment", reason });
    sources.extend(environment.foreign().map(|name| CredentialSource {
        name: "other tools",
        reason: format!("{name} is set, but not read here"),
    }));
    if let Some(profile) = &client.profile {
        let reason = format!(
            "this version reads no credential files, so profile {profile:?} is not looked up"
        );
        sources.push(CredentialSource { name: "profile", reason });
    }
    Err(NoCredentials { sources, is_broken })
}

const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// The environment's pair, if there is one; half of one is an error.
fn from_environment(environment: &Environment) -> Result<Option<Credentials>, String> {
    let readable = |e: NotUtf8| e.to_string();
    let id = environment.access_key_id().map_err(readable)?;
    let secret = environment.access_key_secret().map_err(readable)?;
    let (id, secret) = match (id, secret) {
        (Some(id), Some(secret)) => (id.to_owned(), secret),
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(format!("{SECRET} is not set (or empty), {ID} is")),
        (None, Some(_)) => return Err(format!("{ID} is not set (or empty), {SECRET} is")),
    };
    let token = environment.security_token().map_err(readable)?;
    sound(SECRET, secret.expose())?;
    header_text(ID, &id)?;
    if let Some(token) = &token {
        header_text(TOKEN, token.expose())?;
    } else if needs_token(&id) {
        return Err(format!("{ID} begins with STS., a temporary key's, and {TOKEN} is not set"));
    }
    Ok(Some(Credentials { id, secret, token }))
}

/// What was copied with a line break or a blank at its end is refused by the service as a wrong signature.
fn sound(variable: &str, text: &str) -> Result<(), String> {
    flaw(text).map_or(Ok(()), |flaw| Err(format!("{variable} {flaw}")))
}

fn header_text(variable: &str, text: &str) -> Result<(), String> {
    sound(variable, text)?;
    match text.is_ascii() {
        true => Ok(()),
        false => Err(format!("{variable} holds a character that no header may hold")),
    }
}
