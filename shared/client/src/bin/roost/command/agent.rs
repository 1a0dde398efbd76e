//! Talks to agents.

use std::io::Read;

use roost_client::words_of;
use serde_json::Value;

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

    pub(super) async fn send_message(&self, message: Message) -> Ended {
        let project = self.project(message.of)?;
        let mut text = message.text;
        if text == INPUT {
            text.clear();
            std::io::stdin().read_to_string(&mut text)?;
        }
        let mut reply = self.account.say(&project, &text).await?;
        while let Some(piece) = reply.next().await? {
            let value = serde_json::from_str(&piece).unwrap_or_else(|_| Value::String(piece.clone()));
            self.output.result(&value, || words_of(&piece).unwrap_or(piece.clone()))?;
        }
        Ok(Exit::Done)
    }
}
