//! The way from an upload to a running app in a test's own world: every event passes through the test, which may lose
//! it, deliver it twice, or hold it back.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use aws_sdk_s3::operation::get_object::GetObjectError;
use roost_domain::naming::ProjectName;
use roost_domain::release::{Project, Release, ReleaseNumber};
use serde_json::{Value, json};
use ulid::Ulid;

use crate::events_of_a_world::{self, Sources};
use crate::function::{Ending, Function};
use crate::running_platform::variable;
use crate::user::User;
use crate::world::World;

/// How long a build and its roll-out may take on a slow, busy machine.
pub const PATIENCE_FOR_RELEASES: Duration = Duration::from_mins(4);

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It arrives.
    Once,
    /// It arrives, and then again.
    Twice,
    /// It is lost.
    Never,
}

type Deliver = Box<dyn Fn(&Value) -> Delivery + Send + Sync>;

/// A tenant, and all functions between its uploads and its apps.
pub struct Pipeline {
    /// The world it is in.
    pub world: World,
    /// Who uploads.
    pub user: User,
    bucket: String,
    ingest: Function,
    roll_out: Function,
    reconcile: Function,
    deliver: Mutex<Deliver>,
    held: Mutex<VecDeque<String>>,
}

impl Pipeline {
    /// A pipeline for a new user on the plan `free`.
    pub async fn new(name: &str) -> Result<Self> {
        Self::with(World::new().await?, name).await
    }

    /// The same in a world whose settings were changed.
    pub async fn with(world: World, name: &str) -> Result<Self> {
        let Sources { bucket, bus } = events_of_a_world::create(&world).await?;
        let world = world.with_setting("ROOST_ARTIFACT_BUCKET", &bucket).with_setting("ROOST_EVENT_BUS", &bus);
        // Builds use the URLs that the functions sign: the host's loopback is not the pods'.
        let storage = format!("http://{}:4566", variable("ROOST_NODE_ADDRESS")?);
        let world = world.with_setting("AWS_ENDPOINT_URL_S3", &storage);
        let user = User::new(name);
        let provision = world.start("provision-tenant").await?;
        world.carry_out(&provision, "user.signed-up", &user.signed_up("free", 1)).await?;
        let (ingest, roll_out, reconcile) =
            futures::try_join!(world.start("ingest-artifact"), world.start("roll-out"), world.start("reconcile"))?;
        let (deliver, held) = (Mutex::new(Box::new(|_: &Value| Delivery::Once) as Deliver), Mutex::default());
        Ok(Self { world, user, bucket, ingest, roll_out, reconcile, deliver, held })
    }

    /// Decides from now on what becomes of each event.
    pub fn deliver(&self, decide: impl Fn(&Value) -> Delivery + Send + Sync + 'static) {
        if let Ok(mut deliver) = self.deliver.lock() {
            *deliver = Box::new(decide);
        }
    }

    /// Uploads an archive; answers with its version.
    pub async fn upload(&self, project: &str, archive: Vec<u8>) -> Result<String> {
        let key = format!("artifacts/{}/{project}.tar.gz", self.user.id);
        let put = self.s3().put_object().bucket(&self.bucket).key(key).body(archive.into()).send().await?;
        put.version_id.context("the bucket has no versions")
    }

    /// The text of an object in the bucket, if it is there.
    pub async fn object(&self, key: &str) -> Result<Option<Vec<u8>>> {
        match self.s3().get_object().bucket(&self.bucket).key(key).send().await {
            Ok(got) => Ok(Some(got.body.collect().await?.to_vec())),
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// All keys in the bucket.
    pub async fn keys(&self) -> Result<Vec<String>> {
        let listed = self.s3().list_objects_v2().bucket(&self.bucket).send().await?;
        Ok(listed.contents.unwrap_or_default().into_iter().filter_map(|object| object.key).collect())
    }

    /// The project of that name.
    pub async fn project(&self, project: &str) -> Result<Option<Project>> {
        Ok(self.world.table.project(&self.user.id, &ProjectName::parse(project)?).await?)
    }

    /// The release of that number, if it is registered.
    pub async fn release(&self, project: &str, number: u32) -> Result<Option<Release>> {
        let number = ReleaseNumber::new(number).context("releases begin with 1")?;
        Ok(self.world.table.release(&self.user.id, &ProjectName::parse(project)?, number).await?)
    }

    /// Delivers events until the release has come to its end.
    pub async fn settle(&self, project: &str, number: u32) -> Result<Release> {
        self.run_until(project, number, |release| release.state.is_terminal()).await
    }

    /// Uploads an archive as that release, and delivers events until it has come to its end.
    pub async fn release_of(&self, project: &str, number: u32, archive: Vec<u8>) -> Result<Release> {
        self.upload(project, archive).await?;
        self.settle(project, number).await
    }

    /// Delivers events until the release is as wanted.
    pub async fn run_until(&self, project: &str, number: u32, wanted: impl Fn(&Release) -> bool) -> Result<Release> {
        let started = Instant::now();
        loop {
            let release = self.release(project, number).await?;
            if let Some(release) = release.clone().filter(&wanted) {
                return Ok(release);
            }
            if started.elapsed() > PATIENCE_FOR_RELEASES {
                bail!("gave up after {} s: {release:?}", PATIENCE_FOR_RELEASES.as_secs());
            }
            self.pump().await?;
        }
    }

    /// Delivers the events that are there, waiting a second for the first; runs reconcile where there are none.
    pub async fn pump(&self) -> Result<()> {
        let events = self.world.put_back(10, 1).await?;
        if events.is_empty() {
            return self.reconcile().await;
        }
        futures::future::try_join_all(events.into_iter().map(|body| self.pass_on(body))).await.map(drop)
    }

    /// Runs reconcile as its schedule does.
    pub async fn reconcile(&self) -> Result<()> {
        handled(&self.reconcile, json!({"task": "reconcile-releases"}).to_string()).await
    }

    /// Puts an event into the queue as the website would.
    pub async fn request(&self, kind: &str, detail: &Value) -> Result<()> {
        self.give(crate::user::envelope(kind, detail)).await
    }

    /// Hands an event to its function, whatever is decided about others.
    pub async fn give(&self, body: String) -> Result<()> {
        let event: Value = serde_json::from_str(&body)?;
        handled(self.function_for(&event), body).await
    }

    /// Events that were lost on the way, in their order.
    pub fn lost(&self) -> Vec<String> {
        self.held.lock().map(|held| held.iter().cloned().collect()).unwrap_or_default()
    }

    /// The functions, whose logs can be read.
    pub fn functions(&self) -> [&Function; 3] {
        [&self.ingest, &self.roll_out, &self.reconcile]
    }

    async fn pass_on(&self, body: String) -> Result<()> {
        let event: Value = serde_json::from_str(&body)?;
        let delivery = self.deliver.lock().map_or(Delivery::Once, |deliver| deliver(&event));
        match delivery {
            Delivery::Once => self.give(body).await,
            Delivery::Twice => futures::try_join!(self.give(body.clone()), self.give(body)).map(drop),
            Delivery::Never => {
                if let Ok(mut held) = self.held.lock() {
                    held.push_back(body);
                }
                Ok(())
            }
        }
    }

    fn function_for(&self, event: &Value) -> &Function {
        let key = event["detail"]["object"]["key"].as_str().unwrap_or_default();
        if key.starts_with("artifacts/") { &self.ingest } else { &self.roll_out }
    }

    fn s3(&self) -> aws_sdk_s3::Client {
        events_of_a_world::s3(&self.world)
    }
}

async fn handled(function: &Function, body: String) -> Result<()> {
    match function.handle(&[body]).await? {
        Ending::Answered(answer) if answer["batchItemFailures"] == json!([]) => Ok(()),
        ending => bail!("not handled: {ending:?}; {:?}", function.logged().await?.last()),
    }
}

/// An upload's event as S3 sends it, with the version that was uploaded.
#[must_use]
pub fn uploaded(key: &str, version_id: &str, sequencer: &str, size: usize) -> String {
    json!({
        "version": "0", "id": Ulid::new().to_string(), "source": "aws.s3", "detail-type": "Object Created",
        "time": jiff::Timestamp::now(), "account": "000000000000", "region": "eu-west-1", "resources": [],
        "detail": {
            "version": "0", "bucket": {"name": "bucket"}, "reason": "PutObject",
            "object": {"key": key, "size": size, "etag": "e", "version-id": version_id, "sequencer": sequencer},
        },
    })
    .to_string()
}
