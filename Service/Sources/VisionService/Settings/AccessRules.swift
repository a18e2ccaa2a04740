/// Who may ask.
package struct AccessRules: Sendable, Hashable {
  /// What `Authorization: Bearer` must say; nil lets everybody ask.
  package var token: String?
  /// Origins of other pages whose scripts may ask, such as `https://example.com`, or `*` for all.
  package var origins: [String] = []

  package init() {}
}
