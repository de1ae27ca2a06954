//! `/api/v1/{parent}/{id}/{child}` and `/api/v1/{parent}/{id}/{child}/{childId}`.

use actix_web::{HttpRequest, http::Method, web::Data, web::Path};

use super::service::Under;
use crate::{
    access::{Action, Caller},
    base::Result,
    engine::Parent,
    features::records::{
        Records,
        service::{Change, Place},
    },
    web::{Body, Guard, IdempotencyKey, Query, Reply, Routes, list},
};

/// The parent's collection and id, and the collection under it.
type Many = Path<(String, String, String)>;

/// The same, and the id of one record there.
type One = Path<(String, String, String, String)>;

/// The routes. What else stands behind a record, such as an action on it, stands before them; its
/// name is a reserved word, which no collection has.
pub fn routes() -> Routes {
    let many = "/api/v1/{parent}/{id}/{child}";
    let one = "/api/v1/{parent}/{id}/{child}/{childId}";
    Routes::new()
        .on(Method::GET, many, Guard::Caller, list_all)
        .once(many, create)
        .on(Method::GET, one, Guard::Caller, load)
        .on(Method::PATCH, one, Guard::Caller, update)
        .on(Method::PUT, one, Guard::Caller, replace)
        .on(Method::DELETE, one, Guard::Caller, delete)
}

async fn list_all(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: Many,
    mut query: Query,
) -> Result<Reply> {
    let under = under(path.into_inner(), &mut query);
    let parent = records.parent(&caller, &under, Action::List).await?;
    let page = records.list(&caller, &under.children, &query, Some(&parent));
    Ok(list::list(&request, &page.await?))
}

async fn create(
    records: Data<Records>,
    caller: Caller,
    path: Many,
    mut query: Query,
    key: IdempotencyKey,
    body: Body,
) -> Result<Reply> {
    let under = under(path.into_inner(), &mut query);
    query.finish()?;
    let made = records.create_under(&caller, &under, &body.0, key.0);
    Ok(list::made(made.await?, &under.children))
}

async fn load(
    records: Data<Records>,
    caller: Caller,
    path: One,
    mut query: Query,
) -> Result<Reply> {
    let fields = query.take("fields");
    let child = Child::find(&records, &caller, path, query, Action::View).await?;
    let record = records.load(&caller, child.place(), fields.as_deref());
    Ok(list::record(record.await?))
}

async fn update(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: One,
    query: Query,
    body: Body,
) -> Result<Reply> {
    let child = Child::find(&records, &caller, path, query, Action::Update).await?;
    let expected = |version| list::expected(&request, version);
    let changed = records.update(&caller, child.place(), Change::Patch, &body.0, expected);
    Ok(list::record(changed.await?))
}

async fn replace(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: One,
    query: Query,
    body: Body,
) -> Result<Reply> {
    let child = Child::find(&records, &caller, path, query, Action::Update).await?;
    let expected = |version| list::expected(&request, version);
    let changed = records.update(&caller, child.place(), Change::Replace, &body.0, expected);
    Ok(list::record(changed.await?))
}

async fn delete(
    request: HttpRequest,
    records: Data<Records>,
    caller: Caller,
    path: One,
    mut query: Query,
) -> Result<Reply> {
    let kind = list::kind_of_deletion(&mut query)?;
    let child = Child::find(&records, &caller, path, query, Action::Delete).await?;
    let expected = list::expected(&request, None)?;
    records
        .delete(&caller, child.place(), kind, expected)
        .await?;
    Ok(Reply::no_content())
}

fn under((parents, id, children): (String, String, String), query: &mut Query) -> Under {
    Under {
        parents,
        id,
        children,
        via: query.take("via"),
    }
}

/// One record in a path, under a parent that is there.
struct Child {
    parent: Parent,
    path: String,
    id: String,
}

impl Child {
    async fn find(
        records: &Records,
        caller: &Caller,
        path: One,
        mut query: Query,
        action: Action,
    ) -> Result<Self> {
        let (parents, parent, children, id) = path.into_inner();
        let under = under((parents, parent, children), &mut query);
        query.finish()?;
        Ok(Self {
            parent: records.parent(caller, &under, action).await?,
            path: under.children,
            id,
        })
    }

    fn place(&self) -> Place<'_> {
        Place {
            path: &self.path,
            id: &self.id,
            parent: Some(&self.parent),
        }
    }
}
