//! Fills the configuration files under `config/`: `{{name}}` stands for a value.

use anyhow::bail;

pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> anyhow::Result<String> {
    let mut filled = template.to_owned();
    for (name, value) in values {
        let placeholder = format!("{{{{{name}}}}}");
        if !template.contains(&placeholder) {
            bail!("the template has no {placeholder}");
        }
        filled = filled.replace(&placeholder, value);
    }
    match filled.find("{{") {
        Some(start) => bail!("the template's {:.40} has no value", &filled[start..]),
        None => Ok(filled),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn every_occurrence_is_filled() {
        let filled = fill("{{a}}: {{b}}, {{a}}", &[("a", "1"), ("b", "2")]).unwrap();
        assert_eq!(filled, "1: 2, 1");
    }

    #[test]
    fn a_value_too_many_or_too_few_is_an_error() {
        assert!(fill("{{a}}", &[]).is_err());
        assert!(fill("{{a}}", &[("a", "1"), ("b", "2")]).is_err());
    }
}
