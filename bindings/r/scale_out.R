# Adds worker nodes to an ACK cluster: reads a request document, sends it, prints what came of it.
#
#     Rscript scale_out.R request.json
#     Rscript scale_out.R < request.json
#
# The extension beside this file, cs_scale_out_r.c, is looked for in the directory named by OUT.
dyn.load(file.path(Sys.getenv("OUT", "."), "cs_scale_out_r.so"))

# Sends a request, once: its status (0 or negative) and its document.
scale_out <- function(request) {
  answer <- .Call("r_scale_out", request)
  list(status = answer[[1]], document = answer[[2]])
}

# One value of a document, or NULL.
get_value <- function(document, ...) {
  answer <- .Call("r_json_get", document, paste0("/", paste(..., sep = "/")))
  if (answer[[1]] == 0L) answer[[2]]
}

status_name <- function(status) .Call("r_status_name", status)

# The bytes as they are, whatever the locale.
print_line <- function(..., to = stderr()) {
  writeLines(enc2utf8(paste0(...)), to, useBytes = TRUE)
}

print_list <- function(document, list, first, second) {
  item <- 0L
  while (!is.null(one <- get_value(document, list, item, first))) {
    print_line("  ", one, ": ", get_value(document, list, item, second))
    item <- item + 1L
  }
}

read_request <- function(name) {
  file <- file(if (name == "-") "stdin" else name, "rb")
  on.exit(close(file))
  request <- rawToChar(readBin(file, "raw", 1024^2 + 1)) # stops at a NUL byte; over the limit is enough
  Encoding(request) <- "UTF-8"
  request
}

answer <- scale_out(read_request(c(commandArgs(TRUE), "-")[1]))
document <- answer$document

if (answer$status == 0L) {
  task <- get_value(document, "task_id")
  print_line(if (is.null(task)) document else paste("task", task), to = stdout()) # a dry run has no task
} else {
  print_line("status: ", status_name(answer$status))
  for (member in c("message", "hint")) {
    value <- get_value(document, member)
    if (!is.null(value)) print_line(member, ": ", value)
  }
  print_list(document, "problems", "path", "message")
  print_list(document, "candidates", "task_id", "state")
}
print_list(document, "warnings", "path", "message")
quit(status = -answer$status)
