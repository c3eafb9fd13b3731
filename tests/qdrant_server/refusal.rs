//! What the server says where it does not do what it is asked.

use tonic::Status;

/// The request is wrong, in the words Qdrant opens such answers with.
pub(super) fn wrong(what: impl std::fmt::Display) -> Status {
    Status::invalid_argument(format!("Wrong input: {what}"))
}

pub(super) fn no_collection(name: &str) -> Status {
    Status::not_found(format!("Not found: Collection `{name}` doesn't exist!"))
}

pub(super) fn taken(name: &str) -> Status {
    Status::already_exists(format!("Wrong input: Collection `{name}` already exists!"))
}

/// What a node of a cluster says that has yet to agree with the others, for the fault of this number.
pub(super) fn unsettled(number: usize) -> Status {
    match number % 3 {
        0 => Status::internal(
            "Service internal error: Waiting for consensus operation commit failed. Timeout set at: 10 seconds",
        ),
        1 => Status::failed_precondition("Pre-condition failure: shard is in transfer"),
        _ => Status::internal("Service internal error: leader is not established within 10 secs"),
    }
}

pub(super) fn no_vector(name: &str) -> Status {
    wrong(format_args!("Not existing vector name error: {name}"))
}

pub(super) fn dimension(expected: u64, got: usize) -> Status {
    wrong(format_args!("Vector dimension error: expected dim: {expected}, got {got}"))
}

/// Qdrant can, this server cannot.
pub(super) fn unsupported(what: impl std::fmt::Display) -> Status {
    Status::unimplemented(format!("the server of the tests does not know {what}"))
}

/// Refuses where a field is set that this server does not know.
pub(super) fn unless_set<T>(field: Option<T>, what: &str) -> Result<(), Status> {
    match field {
        None => Ok(()),
        Some(_) => Err(unsupported(what)),
    }
}

/// Methods of a service that this server does not know. They are written as the trait's macro would, which does not
/// look into this one.
macro_rules! refuse_all {
    ($($method:ident: $request:ty => $response:ty;)*) => {$(
        fn $method<'life0, 'async_trait>(
            &'life0 self,
            _request: ::tonic::Request<$request>,
        ) -> ::std::pin::Pin<Box<
            dyn Future<Output = Result<::tonic::Response<$response>, ::tonic::Status>>
                + Send
                + 'async_trait,
        >>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            Box::pin(async { Err(super::refusal::unsupported(stringify!($method))) })
        }
    )*};
}
pub(super) use refuse_all;
