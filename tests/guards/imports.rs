//! What a source file names, read as the compiler reads it.

use syn::visit::{self, Visit};

/// Every path that a file's code, without its tests, begins at `crate`, `super` or `self`.
pub struct Paths {
    module: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Paths {
    /// The paths of a file of `module`, from the crate's root.
    pub fn of(module: Vec<String>, file: &syn::File) -> Vec<Vec<String>> {
        let mut paths = Paths { module, found: Vec::new() };
        paths.visit_file(file);
        paths.found
    }

    /// Notes a path as it begins at the crate's root.
    fn note(&mut self, parts: &[String]) {
        let mut whole = match parts.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("super" | "self") => self.module.clone(),
            _ => return,
        };
        for part in parts {
            match part.as_str() {
                "crate" | "self" => {}
                "super" => drop(whole.pop()),
                _ => whole.push(part.clone()),
            }
        }
        self.found.push(whole);
    }

    /// The leaves of a tree of imports, groups and renamings included.
    fn leaves(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.leaves(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.note(&with(&name.ident)),
            syn::UseTree::Rename(rename) => self.note(&with(&rename.ident)),
            syn::UseTree::Glob(_) => self.note(before),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.leaves(before, item));
            }
        }
    }
}

pub fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if !is_test(&item.attrs) {
            self.leaves(&[], &item.tree);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test(&item.attrs) {
            return;
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<_> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.note(&parts);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        // What a macro makes of its text nobody can tell here; a path in it is one all the same.
        let text = item.tokens.to_string().replace(' ', "");
        for rest in text.split("crate::").skip(1) {
            let path = rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            let parts = path.take(1).flat_map(|path| path.split("::")).map(str::to_owned);
            self.note(&["crate".to_owned()].into_iter().chain(parts).collect::<Vec<_>>());
        }
    }
}

/// Every name in an import or a path, without the tests'.
#[derive(Default)]
pub struct Imports(pub Vec<String>);

impl<'ast> Visit<'ast> for Imports {
    fn visit_ident(&mut self, name: &'ast syn::Ident) {
        self.0.push(name.to_string());
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
}
