import VisionGraph
import VisionTensor

extension OnnxNode {
  /// The values of the attributes that are no graphs.
  ///
  /// - Throws: `FormatError` for what contradicts the format; what VisionNet does not support is a failure.
  func values(_ folder: OnnxFolder?) throws(FormatError) -> Result<[String: AttributeValue], GraphError> {
    var values: [String: AttributeValue] = [:]
    var names: Set<String> = []
    for (name, value) in attributes {
      guard names.insert(name).inserted else {
        throw place.error(.corrupt, "attribute '\(name)' is given twice").at(node: self.name)
      }
      switch value {
      case .plain(let plain): values[name] = plain
      case .tensor(let tensor):
        do {
          values[name] = .tensor(try tensor.tensor(folder))
        } catch { throw error.at(node: self.name) }
      case .graph where ControlOperator(self) != nil: break
      case .other where ControlOperator(self) == .optional: break
      case .graph: return .failure(unsupported(name, "graph"))
      case .reference: return .failure(unsupported(name, "reference"))
      case .other(let kind): return .failure(unsupported(name, kind))
      }
    }
    return .success(values)
  }

  private func unsupported(_ attribute: String, _ kind: String) -> GraphError {
    GraphError(
      .unsupportedFeature, "attribute '\(attribute)' of type \(kind) is not supported", place: name)
  }
}
