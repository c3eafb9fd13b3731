use std::sync::Arc;
use tokio::sync::Semaphore;

/// Does `work` on a thread that may wait, as soon as one of `turns` is free; `None` where it ended by a fault of the program. The
/// turn is the work's own: where whoever wanted it has gone, the work goes on, and nobody else takes its turn.
pub(crate) async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let turn = Arc::clone(turns).acquire_owned().await.ok()?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[tokio::test]
    async fn work_keeps_its_turn_when_whoever_wanted_it_has_gone() {
        let turns = Arc::new(Semaphore::new(1));
        let (go_on, goes_on) = channel::<()>();
        let (told, done) = channel();
        let work = in_turn(&turns, move || {
            let went_on = goes_on.recv().is_ok();
            let _ = told.send(went_on);
        });
        assert!(tokio::time::timeout(Duration::ZERO, work).await.is_err(), "nobody waits for it");
        assert_eq!(turns.available_permits(), 0);
        go_on.send(()).expect("it goes on");
        assert_eq!(done.recv(), Ok(true));
        assert_eq!(in_turn(&turns, || 7).await, Some(7), "then the turn is free");
    }
}
