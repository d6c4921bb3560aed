//! The service's API as far as this library speaks it. An operation is described once: method, action, path,
//! query and permission here, its headers in [`headers`], how its reply is read in [`reply`].

pub(crate) mod headers;
pub(crate) mod reply;

use std::borrow::Cow;

use crate::encode;

/// The API version that every request names.
pub(crate) const VERSION: &str = "2015-12-15";

/// One operation, by the reference's names.
#[derive(Debug)]
pub(crate) struct Operation {
    pub method: &'static str,
    /// The API's name for it, such as `ScaleOutCluster`.
    pub action: &'static str,
    /// What a RAM policy must allow.
    pub permission: &'static str,
    /// On which resource, in words.
    pub resource: &'static str,
    /// The path before and behind the id.
    path: (&'static str, &'static str),
}

/// Adds nodes to a cluster. Each execution buys servers.
pub(crate) static SCALE_OUT_CLUSTER: Operation = Operation {
    method: "POST",
    action: "ScaleOutCluster",
    permission: "cs:ScaleOutCluster",
    resource: "for this cluster",
    path: ("/api/v2/clusters/", ""),
};

/// Lists a cluster's tasks, a page at a time.
pub(crate) static DESCRIBE_CLUSTER_TASKS: Operation = Operation {
    method: "GET",
    action: "DescribeClusterTasks",
    permission: "cs:DescribeClusterTasks",
    resource: "for this cluster",
    path: ("/clusters/", "/tasks"),
};

/// Shows one task.
pub(crate) static DESCRIBE_TASK_INFO: Operation = Operation {
    method: "GET",
    action: "DescribeTaskInfo",
    permission: "cs:DescribeTaskInfo",
    resource: "on all resources (\"*\")",
    path: ("/tasks/", ""),
};

/// One request of an operation, before it has headers.
#[derive(Debug)]
pub(crate) struct ApiRequest<'a> {
    pub operation: &'static Operation,
    /// The path as it stands on the wire, percent-encoded.
    pub path: String,
    /// Names and values before encoding.
    pub query: Vec<(&'static str, Cow<'a, str>)>,
    pub body: Option<&'a str>,
    /// A purchase's own name, by which it can be found in the service's audit trail.
    pub purchase_id: Option<&'a str>,
}

impl<'a> ApiRequest<'a> {
    fn new(operation: &'static Operation, id: &str) -> ApiRequest<'a> {
        let (before, behind) = operation.path;
        let path = [before, &encode::percent(id), behind].concat();
        ApiRequest { operation, path, query: Vec::new(), body: None, purchase_id: None }
    }

    /// A purchase; `body` is compact JSON.
    pub(crate) fn scale_out_cluster(
        cluster_id: &str,
        body: &'a str,
        purchase_id: &'a str,
    ) -> ApiRequest<'a> {
        let (body, purchase_id) = (Some(body), Some(purchase_id));
        ApiRequest { body, purchase_id, ..ApiRequest::new(&SCALE_OUT_CLUSTER, cluster_id) }
    }

    /// Page `number`, from 1 on, of a cluster's tasks.
    pub(crate) fn describe_cluster_tasks(
        cluster_id: &str,
        number: usize,
        size: usize,
    ) -> ApiRequest<'a> {
        let query = vec![
            ("page_number", Cow::Owned(number.to_string())),
            ("page_size", Cow::Owned(size.to_string())),
        ];
        ApiRequest { query, ..ApiRequest::new(&DESCRIBE_CLUSTER_TASKS, cluster_id) }
    }

    /// A task.
    pub(crate) fn describe_task_info(task_id: &str) -> ApiRequest<'a> {
        ApiRequest::new(&DESCRIBE_TASK_INFO, task_id)
    }

    /// Whether it buys nothing, and may be repeated.
    pub(crate) fn is_read(&self) -> bool {
        self.purchase_id.is_none()
    }

    /// The query's names and values as the signer takes them.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        self.query.iter().map(|(name, value)| (*name, value.as_ref())).collect()
    }

    /// The path and query that are signed and sent.
    pub(crate) fn target(&self) -> Cow<'_, str> {
        match self.query.is_empty() {
            true => Cow::Borrowed(&self.path),
            false => Cow::Owned(format!("{}?{}", self.path, encode::query(&self.pairs()))),
        }
    }
}
