//! What this project's own bindings, generators and tests need beside the public interface. No promise is made
//! of it: it may change with any version.

pub use crate::json::pointer::position;
pub use crate::schema::{Kind, Range, Row, Values, rows};
