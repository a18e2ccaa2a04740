public import VisionTensor

/// Weights and statistics by name, in a fixed order: that of checkpoints, files and averages.
public struct Parameters: Sendable, Sequence {
  /// The names in order.
  public private(set) var names: [String] = []
  private var tensors: [String: Tensor] = [:]

  public init() {}

  /// The tensor with that name; a new name goes to the end, nil removes.
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
  /// Checks that every parameter of the graph is there with its type and shape.
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

  /// Fresh parameters: each drawn by its initializer from a stream of its own, so order does not matter.
  public func initialParameters(seed: UInt64) -> Parameters {
    var result = Parameters()
    for (_, name, fact, initializer) in parameters {
      result[name] = initializer.tensor(shape: fact.shape, type: fact.type, seed: seed, name: name)
    }
    return result
  }
}
