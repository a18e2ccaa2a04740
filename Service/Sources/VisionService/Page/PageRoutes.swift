import HTTPTypes
import Hummingbird

/// The page at `/` and what belongs to it, from the program itself.
enum PageRoutes {
  static var routes: [Route] {
    [
      route("/", PackageResources.page_html, "text/html; charset=utf-8"),
      route("/page.css", PackageResources.page_css, "text/css; charset=utf-8"),
      route("/page.js", PackageResources.page_js, "text/javascript; charset=utf-8"),
    ]
  }

  private static func route(_ path: String, _ bytes: [UInt8], _ type: String) -> Route {
    Route(method: .get, path: path, isOpen: true) { _ in
      var response = Reply.bytes(bytes, type: type)
      response.headers[.contentSecurityPolicy] = policy
      response.headers[.cacheControl] = "no-cache"
      response.headers[.referrerPolicy] = "no-referrer"
      return response
    }
  }

  /// Nothing is asked of anybody else.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

extension HTTPField.Name {
  static var referrerPolicy: HTTPField.Name { Self("Referrer-Policy") ?? .contentSecurityPolicy }
}
