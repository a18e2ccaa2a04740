/// The operators that a file may use; a parameter of import, not a global that other code could change.
public struct OperatorRegistry: Sendable {
  private var types: [String: any FileOperator.Type] = [:]

  public init(_ operators: [any FileOperator.Type] = []) {
    for type in operators { register(type) }
  }

  /// Adds an operator, or replaces the one with its domain and name.
  public mutating func register(_ type: any FileOperator.Type) {
    types[Self.key(type.domain, type.name)] = type
  }

  /// The operator with an ONNX domain and name; `ai.onnx` is the empty domain.
  public func find(domain: String, name: String) -> (any FileOperator.Type)? {
    types[Self.key(domain == "ai.onnx" ? "" : domain, name)]
  }

  /// Domain and name of every operator, sorted.
  public var names: [String] { types.keys.sorted() }

  private static func key(_ domain: String, _ name: String) -> String {
    domain.isEmpty ? name : "\(domain).\(name)"
  }
}
