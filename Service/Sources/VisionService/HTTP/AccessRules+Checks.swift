import HTTPTypes
import Hummingbird

extension AccessRules {
  func allows(_ origin: String) -> Bool { origins.contains("*") || origins.contains(origin) }

  /// Scripts of other pages may ask only where `origins` says so: a browser sends their requests even if they may not read the
  /// answers.
  ///
  /// - Throws: `origin`.
  func checkOrigin(of request: Request) throws(ServiceError) {
    guard let origin = request.headers[.origin], !allows(origin) else { return }
    let host = origin.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).joined(
      separator: "/")
    guard !host.isEmpty, host == request.head.authority else {
      throw ServiceError(
        .origin, "pages of another origin may not ask", remedy: "the service's --cors \(origin) allows it")
    }
  }

  /// - Throws: `unauthorized`.
  func checkToken(of request: Request) throws(ServiceError) {
    guard let token else { return }
    let given = request.headers[.authorization] ?? ""
    guard Self.areEqual(given, "Bearer \(token)") else {
      throw ServiceError(
        .unauthorized, given.isEmpty ? "the token is missing" : "the token is wrong",
        remedy: "send Authorization: Bearer TOKEN")
    }
  }

  /// In a time that does not tell how much of them is equal.
  private static func areEqual(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var difference = a.count ^ b.count
    for index in b.indices { difference |= Int(b[index] ^ (index < a.count ? a[index] : 0xff)) }
    return difference == 0
  }

  /// The answer to a browser that asks whether a script may ask; nil where scripts of others may not.
  func preflight(_ request: Request, _ routes: [Route]) -> Response? {
    guard let origin = request.headers[.origin], allows(origin) else { return nil }
    return Response(
      status: .noContent,
      headers: [
        .accessControlAllowMethods: routes.map(\.method.rawValue).joined(separator: ", "),
        .accessControlAllowHeaders: "Authorization, Content-Type", .accessControlMaxAge: "600",
      ])
  }
}
