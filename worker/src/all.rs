//! Several futures at once. (futures' own `try_join_all` is built for thousands of them, and large.)

use std::future::poll_fn;
use std::task::Poll;

use futures_util::future::{MaybeDone, maybe_done};

/// Runs futures at once and waits for all results or the first error.
///
/// # Errors
///
/// The first error in their order.
pub async fn all<T, E>(
    futures: impl Iterator<Item = impl Future<Output = Result<T, E>>>,
) -> Result<Vec<T>, E> {
    let mut waiting: Vec<_> = futures.map(|future| Box::pin(maybe_done(future))).collect();
    poll_fn(|context| {
        let (mut pending, mut failed) = (false, false);
        for future in &mut waiting {
            pending |= future.as_mut().poll(context).is_pending();
            failed |= matches!(&**future, MaybeDone::Done(Err(_)));
        }
        if failed || !pending { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    waiting.iter_mut().filter_map(|future| future.as_mut().take_output()).collect()
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::{Either, pending, ready};

    use super::all;

    #[test]
    fn all_results_come_in_their_order_and_the_first_error_ends_the_wait() {
        let good = [1, 2, 3].into_iter().map(|number| ready(Ok::<_, ()>(number)));
        assert_eq!(all(good).now_or_never(), Some(Ok(vec![1, 2, 3])));
        let failing = [Either::Left(pending::<Result<i32, i32>>()), Either::Right(ready(Err(7)))];
        assert_eq!(all(failing.into_iter()).now_or_never(), Some(Err(7)));
        let waiting = [Either::Left(pending::<Result<i32, i32>>()), Either::Right(ready(Ok(7)))];
        assert_eq!(all(waiting.into_iter()).now_or_never(), None);
    }
}
