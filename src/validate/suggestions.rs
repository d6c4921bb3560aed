//! The nearest known name to one that is not known.

/// The known name that `name` was probably meant to be.
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let wanted = plain(name)?;
    let limit = if wanted.len() < 3 { 1 } else { 2 + wanted.len() / 8 };
    known
        .iter()
        .filter_map(|candidate| Some((distance(&wanted, &plain(candidate)?, limit)?, *candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Lower-case letters and digits only, so that `ClusterID`, `clusterId` and `cluster_id` meet.
/// Names too long to be a slip of anything known are not looked at.
fn plain(name: &str) -> Option<Vec<u8>> {
    const LONGEST: usize = 48;
    (name.len() <= LONGEST).then(|| {
        name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase()).collect()
    })
}

/// Edit distance (insert, delete, replace, swap neighbours), `None` above `limit`.
fn distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    if a.is_empty() || a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let replaced = above[j] + usize::from(x != y);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        if row.iter().all(|&cost| cost > limit) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|&cost| cost <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_name() {
        let known = ["ClusterId", "count", "vswitch_ids", "login_password", "key_pair"];
        assert_eq!(nearest("cont", &known), Some("count"));
        assert_eq!(nearest("cuont", &known), Some("count"));
        assert_eq!(nearest("cnt", &known), Some("count"));
        assert_eq!(nearest("cluster_id", &known), Some("ClusterId"));
        assert_eq!(nearest("VSwitchIds", &known), Some("vswitch_ids"));
        assert_eq!(nearest("loginPasword", &known), Some("login_password"));
        assert_eq!(nearest("entirely_else", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
