/// Where a service listens.
package struct ServiceAddress: Sendable, Hashable {
  /// A name or number of this machine.
  package var host = "127.0.0.1"
  /// 0 lets the system choose.
  package var port = 8080

  package init() {}
}
