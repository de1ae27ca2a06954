//! The table of routes: what is there, and who may enter, is never changed by accident.

#[test]
fn the_routes_are_those_of_the_table() {
    let routes = stead::server::routes().list().join("\n");
    let table = include_str!("routes.txt");
    assert!(
        table.trim_end() == routes,
        "if it is meant, tests/api/routes.txt becomes\n\n{routes}\n",
    );
}

#[test]
fn the_routes_of_the_operators_socket_are_those_of_the_table() {
    let routes = stead::server::operator_routes().list().join("\n");
    let table = include_str!("operator_routes.txt");
    assert!(
        table.trim_end() == routes,
        "if it is meant, tests/api/operator_routes.txt becomes\n\n{routes}\n",
    );
}
