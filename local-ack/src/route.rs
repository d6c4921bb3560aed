//! Which operation a request asks for.

use crate::percent::decode;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    ScaleOut { cluster_id: String },
    Task { task_id: String },
    Tasks { cluster_id: String },
    Control,
    Unknown,
}

impl Route {
    pub(crate) fn find(method: &str, target: &str) -> Route {
        let path = target.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match (method, parts.as_slice()) {
            (_, ["_local-ack", ..]) => Route::Control,
            (_, parts) if parts.contains(&"") => Route::Unknown,
            ("POST", ["api", "v2", "clusters", id]) => Route::ScaleOut { cluster_id: decode(id) },
            ("GET", ["tasks", id]) => Route::Task { task_id: decode(id) },
            ("GET", ["clusters", id, "tasks"]) => Route::Tasks { cluster_id: decode(id) },
            _ => Route::Unknown,
        }
    }

    /// The value `x-acs-action` must have.
    pub(crate) fn action(&self) -> Option<&'static str> {
        match self {
            Route::ScaleOut { .. } => Some("ScaleOutCluster"),
            Route::Task { .. } => Some("DescribeTaskInfo"),
            Route::Tasks { .. } => Some("DescribeClusterTasks"),
            Route::Control | Route::Unknown => None,
        }
    }
}
