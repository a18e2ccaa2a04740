public import VisionTensor

/// One node of an ONNX file whose inputs are already in the graph; passed to `Operator.build`.
public struct ImportedNode: Sendable {
  /// The node's name, or a name derived from its first output.
  public let name: String
  /// The operator's name in the file.
  public let operatorName: String
  /// The version of the operator set that the file imports for the node's domain.
  public let opset: Int
  /// The inputs; absent optional ones are nil.
  public let inputs: [Value?]
  /// The number of outputs up to the last one that is read.
  public let outputCount: Int
  /// The number of outputs in the file, read or not. `Split` needs it, because it is the number of parts.
  public let declaredOutputCount: Int
  /// The attributes by name.
  public let attributes: [String: AttributeValue]

  public init(
    name: String, operatorName: String, opset: Int, inputs: [Value?], outputCount: Int,
    declaredOutputCount: Int? = nil, attributes: [String: AttributeValue]
  ) {
    self.name = name
    self.operatorName = operatorName
    self.opset = opset
    self.inputs = inputs
    self.outputCount = outputCount
    self.declaredOutputCount = max(declaredOutputCount ?? outputCount, outputCount)
    self.attributes = attributes
  }

  /// The input at `index`, or an error when it is absent.
  public func input(_ index: Int) throws(GraphError) -> Value {
    guard index < inputs.count, let value = inputs[index] else {
      throw GraphError(.structure, "\(operatorName) lacks its input \(index)", place: name)
    }
    return value
  }

  /// The input at `index`, or nil when it is absent.
  public func optionalInput(_ index: Int) -> Value? { index < inputs.count ? inputs[index] : nil }

  public func int(_ attribute: String) throws(GraphError) -> Int? {
    switch attributes[attribute] {
    case nil: return nil
    case .int(let value)?: return value
    default: throw wrongType(attribute, "an integer")
    }
  }

  public func float(_ attribute: String) throws(GraphError) -> Float? {
    switch attributes[attribute] {
    case nil: return nil
    case .float(let value)?: return value
    case .int(let value)?: return Float(value)
    default: throw wrongType(attribute, "a float")
    }
  }

  public func string(_ attribute: String) throws(GraphError) -> String? {
    switch attributes[attribute] {
    case nil: return nil
    case .string(let value)?: return value
    default: throw wrongType(attribute, "a string")
    }
  }

  public func ints(_ attribute: String) throws(GraphError) -> [Int]? {
    switch attributes[attribute] {
    case nil: return nil
    case .ints(let value)?: return value
    case .floats(let value)? where value.isEmpty: return []
    default: throw wrongType(attribute, "a list of integers")
    }
  }

  public func floats(_ attribute: String) throws(GraphError) -> [Float]? {
    switch attributes[attribute] {
    case nil: return nil
    case .floats(let value)?: return value
    case .ints(let value)? where value.isEmpty: return []
    default: throw wrongType(attribute, "a list of floats")
    }
  }

  public func strings(_ attribute: String) throws(GraphError) -> [String]? {
    switch attributes[attribute] {
    case nil: return nil
    case .strings(let value)?: return value
    case .ints(let value)? where value.isEmpty: return []
    case .floats(let value)? where value.isEmpty: return []
    default: throw wrongType(attribute, "a list of strings")
    }
  }

  public func tensor(_ attribute: String) throws(GraphError) -> Tensor? {
    switch attributes[attribute] {
    case nil: return nil
    case .tensor(let value)?: return value
    default: throw wrongType(attribute, "a tensor")
    }
  }

  /// Throws for attributes outside `known`, so that no attribute is silently ignored.
  public func allowAttributes(_ known: Set<String>) throws(GraphError) {
    for attribute in attributes.keys.sorted() where !known.contains(attribute) {
      throw unsupported("attribute '\(attribute)'")
    }
  }

  /// The error for a form of the operator that VisionNet does not support.
  public func unsupported(_ what: String) -> GraphError {
    GraphError(.unsupportedFeature, "\(operatorName) (opset \(opset)): \(what) is not supported", place: name)
  }

  /// The error for an input whose elements decide what the node means, but are not known before the run.
  package func lacksValue(_ what: String) -> GraphError {
    GraphError(
      .dataDependent,
      "\(operatorName) (opset \(opset)): \(what) must follow from constants and shapes, not from data",
      place: name)
  }

  private func wrongType(_ attribute: String, _ expected: String) -> GraphError {
    GraphError(.structure, "\(operatorName): attribute '\(attribute)' is not \(expected)", place: name)
  }
}
