public import VisionTensor

/// Weights and statistics by name, in a fixed order that checkpoints, files and averages share.
public struct Parameters: Sendable, Sequence {
  /// The names in order.
  public private(set) var names: [String] = []
  private var tensors: [String: Tensor] = [:]

  public init() {}

  /// The tensor with that name. Setting a new name appends it; setting nil removes it.
  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set {
      if newValue == nil {
        names.removeAll { $0 == name }
      } else if tensors[name] == nil {
        names.append(name)
      }
      tensors[name] = newValue
    }
  }

  public var count: Int { names.count }
  /// The number of elements of all tensors together.
  public var elementCount: Int { names.reduce(0) { $0 + (tensors[$1]?.elementCount ?? 0) } }

  public func makeIterator() -> AnyIterator<(name: String, tensor: Tensor)> {
    var index = 0
    return AnyIterator {
      guard index < names.count, let tensor = tensors[names[index]] else { return nil }
      defer { index += 1 }
      return (names[index], tensor)
    }
  }
}

extension Graph {
  /// Checks that every parameter of the graph is present with its type and shape.
  public func check(_ parameters: Parameters) throws(GraphError) {
    for (_, name, fact, _) in self.parameters {
      guard let tensor = parameters[name] else {
        throw GraphError(.parameter, "there is no weight '\(name)'", place: name)
      }
      guard tensor.shape == fact.shape, tensor.elementType == fact.type else {
        throw GraphError(.parameter, "weight '\(name)' is \(tensor), not \(fact)", place: name)
      }
    }
  }

  /// Initial parameters. Each is drawn from its own random stream, so their order does not matter.
  public func initialParameters(seed: UInt64) -> Parameters {
    var result = Parameters()
    for (_, name, fact, initializer) in parameters {
      result[name] = initializer.tensor(shape: fact.shape, type: fact.type, seed: seed, name: name)
    }
    return result
  }
}
