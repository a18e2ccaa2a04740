import VisionSystem

/// As it is written under `visionnet.signature`: without classes and head, which stand where those of classifiers do.
extension Signature {
  /// The members of the JSON object.
  var members: [(String, String?)] {
    let outputs = outputs.map { output in
      JSON.object(
        [("role", .string(output.role.kind))] + (output.role.stride.map { [("stride", .integer($0))] } ?? [])
          + [("value", .string(output.value))])
    }
    let details = details.sorted { $0.key < $1.key }
    return [
      ("task", JSON.string(task).text), ("inputs", JSON.array(inputs.map { .string($0) }).text),
      ("outputs", JSON.array(outputs).text),
      ("details", details.isEmpty ? nil : JSON.object(details.map { ($0.key, $0.value) }).text),
    ]
  }

  /// Reads the members; nil where they are none of a signature's.
  init?(_ member: (String) -> JSONText?) {
    guard let task = member("task")?.string, let inputs = member("inputs")?.array,
      let outputs = member("outputs")?.array
    else { return nil }
    var signature = Signature(task: task, inputs: inputs.compactMap(\.string), outputs: [])
    for output in outputs {
      guard let kind = output["role"]?.string, !kind.isEmpty, let value = output["value"]?.string else {
        return nil
      }
      let stride = output["stride"]?.integer
      guard stride.map({ $0 > 0 }) ?? (output["stride"] == nil) else { return nil }
      signature.outputs.append(Output(OutputRole(kind: kind, stride: stride), value))
    }
    guard signature.inputs.count == inputs.count else { return nil }
    switch member("details") {
    case .object(let members)?:
      signature.details = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.json) })
    case nil: break
    default: return nil
    }
    self = signature
  }
}

extension JSONText {
  /// The same value, to be written.
  var json: JSON {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .number(let digits): Int(digits).map { .integer($0) } ?? .number(Double(digits) ?? .nan)
    case .string(let text): .string(text)
    case .array(let items): .array(items.map(\.json))
    case .object(let members): .object(members.map { ($0.key, $0.value.json) })
    }
  }
}
