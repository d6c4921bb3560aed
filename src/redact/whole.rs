//! Whether a text holds a secret as a whole: each id of each reply is asked that, so the common answer is quick.

use std::ops::RangeInclusive;

use base64::Engine;

use super::quotes;
use super::view::{SHORTEST_BASE64, UNPADDED, base64_digit};

const PRINTABLE: RangeInclusive<u8> = b' '..=b'~';
/// Longer runs of base64 are left to the thorough look.
const LONGEST_RUN: usize = 128;

/// Whether `text` holds `secret` as a whole, in whatever form.
pub(crate) fn holds(text: &str, secret: &str) -> bool {
    let length = secret.chars().count();
    let is_plain = secret.bytes().all(|byte| PRINTABLE.contains(&byte));
    // No form is shorter than what it stands for.
    length <= text.len()
        && (text.contains(secret)
            || (!is_plain || may_hide(text, length)) && quotes(text, secret, length, |_| true))
}

/// Whether anything in `text` may be another form of `length` printable ASCII characters.
fn may_hide(text: &str, length: usize) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().any(|byte| matches!(byte, b'\\' | b'%' | b'&'))
        || bytes
            .split(|byte| base64_digit(*byte).is_none())
            .filter(|run| run.len() >= SHORTEST_BASE64 && run.len() / 4 * 3 + 2 >= length)
            .any(|run| may_be_base64(run, length))
}

/// Whether `run`, from any of its digits on, decodes to so many printable characters in a row: a hash hardly
/// ever does.
fn may_be_base64(run: &[u8], length: usize) -> bool {
    let (mut digits, mut bytes) = ([0; LONGEST_RUN], [0; LONGEST_RUN]);
    let Some(digits) = digits.get_mut(..run.len()) else { return true };
    for (digit, byte) in digits.iter_mut().zip(run) {
        *digit = base64_digit(*byte).unwrap_or_default();
    }
    (0..4).any(|skip| {
        // A last digit alone is less than a byte.
        let end = digits.len() - usize::from((digits.len() - skip) % 4 == 1);
        let decoded = UNPADDED.decode_slice(&digits[skip..end], &mut bytes).unwrap_or_default();
        let mut texts = bytes[..decoded].split(|byte| !PRINTABLE.contains(byte));
        texts.any(|text| text.len() >= length)
    })
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

    use super::*;
    use crate::encode::percent;

    const SECRETS: [&str; 2] = ["a-Secret+\"?", "a-Secret+é?"];

    #[test]
    fn a_whole_secret_is_found_in_every_form_and_place() {
        let forms: [fn(&str) -> String; 4] = [
            str::to_owned,
            |text| BASE64_STANDARD.encode(text),
            |text| BASE64_URL_SAFE_NO_PAD.encode(format!("????{text}~~")),
            |text| percent(text).replace('+', "%2B"),
        ];
        for secret in SECRETS {
            for outer in forms {
                for inner in forms {
                    for before in ["", "T-", "12", "abc", "abcd"] {
                        let text = format!("{before}{}-1", outer(&inner(secret)));
                        assert!(holds(&text, secret), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_id_holds_none_nor_does_a_piece() {
        let ids =
            ["T-5a54309c80282e39ea00002f", "687C5BAA-D103-4993-884B-C35E4314A1E1", "", "%41&"];
        for secret in SECRETS {
            for text in ids.into_iter().chain([&secret[..secret.len() - 1]]) {
                assert!(!holds(text, secret), "{text}");
            }
        }
        // What need not be looked at more closely.
        assert!(!ids[..3].iter().any(|id| may_hide(id, 8)));
    }
}
