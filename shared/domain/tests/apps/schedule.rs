//! A world in which one thing happens after the other, in an order that a seed decides: actors are futures, time is a
//! number, and a call takes effect some time after it was made, whether or not its caller still lives.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::random::Random;
use super::world::World;

/// Milliseconds since the beginning.
pub(crate) type Moment = u64;
type Actor = Pin<Box<dyn Future<Output = ()>>>;
type Deed = Box<dyn FnOnce(&Sim)>;

enum Happening {
    GoesOn(usize),
    Takes(Deed),
}

/// A call without an answer: it may have taken effect, or still will.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoAnswer;

#[derive(Clone)]
pub(crate) struct Sim(Rc<Inner>);

struct Inner {
    now: Cell<Moment>,
    random: RefCell<Random>,
    queue: RefCell<BinaryHeap<Reverse<(Moment, u64, usize)>>>,
    happenings: RefCell<Vec<Option<Happening>>>,
    free_happenings: RefCell<Vec<usize>>,
    actors: RefCell<Vec<(usize, Option<Actor>)>>,
    free_actors: RefCell<Vec<usize>>,
    polled: Cell<usize>,
    world: RefCell<World>,
}

impl Sim {
    pub(crate) fn new(seed: u64, world: World) -> Self {
        Self(Rc::new(Inner {
            now: Cell::new(0),
            random: RefCell::new(Random::new(seed)),
            queue: RefCell::default(),
            happenings: RefCell::default(),
            free_happenings: RefCell::default(),
            actors: RefCell::default(),
            free_actors: RefCell::default(),
            polled: Cell::new(usize::MAX),
            world: RefCell::new(world),
        }))
    }

    pub(crate) fn now(&self) -> Moment {
        self.0.now.get()
    }

    /// Looks at the world or changes it, at this moment.
    pub(crate) fn with<R>(&self, look: impl FnOnce(&mut World) -> R) -> R {
        look(&mut self.0.world.borrow_mut())
    }

    pub(crate) fn below(&self, end: u64) -> u64 {
        self.0.random.borrow_mut().below(end)
    }

    pub(crate) fn between(&self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    pub(crate) fn chance(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Lets something happen after a time.
    pub(crate) fn after(&self, pause: Moment, deed: impl FnOnce(&Self) + 'static) {
        self.enqueue(self.now() + pause, Happening::Takes(Box::new(deed)));
    }

    /// Starts an actor as a part of a process, with which it dies.
    pub(crate) fn spawn(&self, process: usize, actor: impl Future<Output = ()> + 'static) {
        let mut actors = self.0.actors.borrow_mut();
        let actor = (process, Some(Box::pin(actor) as Actor));
        let free = self.0.free_actors.borrow_mut().pop();
        let slot = put(&mut actors, free, actor);
        self.enqueue(self.now(), Happening::GoesOn(slot));
    }

    /// Kills a process. What it has sent takes effect all the same.
    pub(crate) fn kill(&self, process: usize) {
        let mut dead = Vec::new();
        for (slot, (owner, actor)) in self.0.actors.borrow_mut().iter_mut().enumerate() {
            if *owner == process && actor.is_some() {
                dead.push(actor.take());
                self.0.free_actors.borrow_mut().push(slot);
            }
        }
        drop(dead);
    }

    /// Waits.
    pub(crate) async fn pause(&self, pause: Moment) {
        let until = self.now() + pause;
        self.enqueue(until, Happening::GoesOn(self.0.polled.get()));
        poll_fn(|_| if self.now() >= until { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    /// Makes a call that takes effect later, seldom very late or never, and is answered later still, or never.
    pub(crate) async fn call<R: 'static>(&self, effect: impl FnOnce(&Self) -> R + 'static) -> Result<R, NoAnswer> {
        let answer = Rc::new(Cell::new(None));
        let given = Rc::clone(&answer);
        let arrival = if self.chance(1) { self.between(500, 40_000) } else { self.between(1, 60) };
        if !self.chance(self.with(|world| world.faults.lost_percent)) {
            self.after(arrival, move |sim| given.set(Some(effect(sim))));
        }
        self.pause(self.between(arrival.min(5_000), arrival.min(5_000) + 60)).await;
        if self.chance(self.with(|world| world.faults.lost_percent)) {
            Err(NoAnswer)
        } else {
            answer.take().ok_or(NoAnswer)
        }
    }

    /// Lets things happen until that moment.
    pub(crate) fn run_until(&self, end: Moment) {
        loop {
            let next = self.0.queue.borrow().peek().map(|Reverse(next)| *next);
            let Some((at, _, slot)) = next.filter(|(at, ..)| *at <= end) else { break };
            self.0.queue.borrow_mut().pop();
            self.0.now.set(at);
            let happening = self.0.happenings.borrow_mut()[slot].take();
            self.0.free_happenings.borrow_mut().push(slot);
            match happening {
                Some(Happening::Takes(deed)) => deed(self),
                Some(Happening::GoesOn(actor)) => self.go_on(actor),
                None => {}
            }
        }
        self.0.now.set(end);
    }

    /// Actors wait for a time, so one that is asked too early goes on waiting.
    fn go_on(&self, slot: usize) {
        let Some(mut actor) = self.0.actors.borrow_mut()[slot].1.take() else { return };
        self.0.polled.set(slot);
        let polled = actor.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if polled.is_pending() {
            self.0.actors.borrow_mut()[slot].1 = Some(actor);
        } else {
            self.0.free_actors.borrow_mut().push(slot);
        }
    }

    fn enqueue(&self, at: Moment, happening: Happening) {
        let mut happenings = self.0.happenings.borrow_mut();
        let free = self.0.free_happenings.borrow_mut().pop();
        let slot = put(&mut happenings, free, Some(happening));
        // Of what happens at the same moment, anything may be first.
        let order = self.0.random.borrow_mut().next();
        self.0.queue.borrow_mut().push(Reverse((at, order, slot)));
    }

    /// Ends everything; actors hold the world they are in.
    pub(crate) fn end(&self) {
        let actors = std::mem::take(&mut *self.0.actors.borrow_mut());
        let happenings = std::mem::take(&mut *self.0.happenings.borrow_mut());
        drop((actors, happenings));
    }
}

/// Puts something where there is room, and says where that is.
fn put<T>(places: &mut Vec<T>, free: Option<usize>, thing: T) -> usize {
    if let Some(slot) = free {
        places[slot] = thing;
        return slot;
    }
    places.push(thing);
    places.len() - 1
}
