//! Talks to agents.

use std::io::Read;

use serde_json::{Value, json};

use super::{Asking, Ended};
use crate::arguments::{Begin, Message};
use crate::exit::Exit;
use crate::rendering;

/// In place of a text, what comes on the standard input.
const INPUT: &str = "-";

impl Asking<'_> {
    pub(super) async fn list_agents(&self) -> Ended {
        let agents = self.account.agents().await?;
        self.output.result(&agents, || rendering::agents(&agents))?;
        Ok(Exit::Done)
    }

    pub(super) async fn begin_with_agent(&self, arguments: Begin) -> Ended {
        let project = self.project(arguments.of)?;
        self.account.begin_with_agent(&project, &arguments.agent).await?;
        self.output.remark(&format!("{project} runs {}", arguments.agent));
        self.follow(self.account.wake(&project).await?).await
    }

    /// In the form in which most agents take what they are told.
    pub(super) async fn send_message(&self, message: Message) -> Ended {
        let project = self.project(message.of)?;
        let mut text = message.text;
        if text == INPUT {
            text.clear();
            std::io::stdin().read_to_string(&mut text)?;
        }
        let said = json!({"messages": [{"role": "user", "content": text}]});
        let mut reply = self.account.message(&project, &said).await?;
        while let Some(piece) = reply.next().await? {
            let value = serde_json::from_str(&piece).unwrap_or_else(|_| Value::String(piece.clone()));
            self.output.result(&value, || words(&value).unwrap_or(piece.clone()))?;
        }
        Ok(Exit::Done)
    }
}

/// What an agent says, if it says it under a usual name.
fn words(value: &Value) -> Option<String> {
    let named = ["text", "content"].iter().find_map(|name| value.get(name)?.as_str());
    named.or(value.as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_agent_says_is_found_under_usual_names() {
        assert_eq!(words(&json!({"kind": "told", "text": "hello"})).as_deref(), Some("hello"));
        assert_eq!(words(&json!({"content": "hello"})).as_deref(), Some("hello"));
        assert_eq!(words(&json!("hello")).as_deref(), Some("hello"));
        assert_eq!(words(&json!({"kind": "finish"})), None);
    }
}
