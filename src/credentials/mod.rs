//! Which key pair signs: the document's, or the environment's.

use crate::config::client::{ClientOptions, Credentials};
use crate::config::environment::Environment;
use crate::error::{CredentialSource, Error};

/// The first source that gives a whole pair; otherwise every source with its reason.
pub fn find(client: &ClientOptions, environment: &Environment) -> Result<Credentials, Error> {
    // An explicit pair takes no token from the environment: it would belong to other keys.
    if let Some(keys) = &client.keys {
        return Ok(keys.clone());
    }
    let mut sources = vec![CredentialSource {
        name: "client",
        reason: "client.access_key_id and client.access_key_secret are not given".to_owned(),
    }];
    match from_environment(environment) {
        Ok(keys) => return Ok(keys),
        Err(reason) => sources.push(CredentialSource { name: "environment", reason }),
    }
    if let Some(profile) = &client.profile {
        let reason = format!(
            "this version reads no credential files, so profile {profile:?} is not looked up"
        );
        sources.push(CredentialSource { name: "profile", reason });
    }
    Err(Error::Credentials(sources))
}

fn from_environment(environment: &Environment) -> Result<Credentials, String> {
    const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
    const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
    let (id, secret) = match (environment.access_key_id(), environment.access_key_secret()) {
        (Some(id), Some(secret)) => (id, secret),
        (None, None) => return Err(format!("{ID} and {SECRET} are not set")),
        (Some(_), None) => return Err(format!("{SECRET} is not set (or empty), {ID} is")),
        (None, Some(_)) => return Err(format!("{ID} is not set (or empty), {SECRET} is")),
    };
    let token = environment.security_token();
    let header_safe = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
    if !header_safe(&id) {
        return Err(format!("{ID} holds a character that no header may hold"));
    }
    if token.as_ref().is_some_and(|token| !header_safe(token.expose())) {
        let token = "ALIBABA_CLOUD_SECURITY_TOKEN";
        return Err(format!("{token} holds a character that no header may hold"));
    }
    Ok(Credentials { id, secret, token })
}
