//! Writing into objects. Users may have written `null`, which is the same as nothing.

use serde_json::{Map, Value};

pub(super) type Fields = Map<String, Value>;

/// Changes the mapping at the end of a path of names, which is made if it is missing.
pub(super) fn change<F: FnOnce(&mut Fields)>(fields: &mut Fields, path: &[&str], how: F) {
    let Some((name, rest)) = path.split_first() else { return how(fields) };
    let field = fields.entry(*name).or_insert(Value::Null);
    let mut inner = match field.take() {
        Value::Object(inner) => inner,
        _ => Fields::new(),
    };
    change(&mut inner, rest, how);
    *field = Value::Object(inner);
}

/// Changes every mapping in a list, which may be missing.
pub(super) fn change_items(fields: &mut Fields, name: &str, how: impl FnMut(&mut Fields)) {
    let items = fields.get_mut(name).and_then(Value::as_array_mut);
    items.into_iter().flatten().filter_map(Value::as_object_mut).for_each(how);
}

/// Sets a field that says nothing yet.
pub(super) fn set_default(fields: &mut Fields, name: &str, value: impl Into<Value>) {
    let field = fields.entry(name).or_insert(Value::Null);
    if field.is_null() {
        *field = value.into();
    }
}

/// Sets a field, whatever it says.
pub(super) fn set(fields: &mut Fields, name: &str, value: impl Into<Value>) {
    fields.insert(name.to_owned(), value.into());
}
