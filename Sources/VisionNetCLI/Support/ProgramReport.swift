import VisionModel
import VisionNet
import VisionSystem

/// The description by `inspect` of a network that runs in stages.
struct ProgramReport {
  let path: String
  let program: Program

  init(path: String) throws(FormatError) {
    self.path = path
    program = try OnnxReader.readProgram(path)
  }

  var text: String {
    let body = program.body
    let ends = program.stageEnds
    var lines = [FilePath(path).printable]
    lines += body.inputs.map { "  input   \(FilePath($0.name).printable)  \($0.text)" }
    lines += body.outputs.map { "  output  \(FilePath($0.name).printable)  \($0.text)" }
    let head =
      (try? StagedHead(program, labels: nil, head: nil))?.note ?? (try? SelectedOutputs(program))?.note
    if let head { lines.append("  \(head)") }
    lines.append("")
    lines.append(
      "Its shapes, or what it computes, follow from data: it runs in stages, each of which is compiled for the shapes"
    )
    let nodes = program.nodeCount == 1 ? "1 node" : "\(program.nodeCount) nodes"
    lines.append("that it meets. Of its \(nodes), a new stage begins at these, and where shapes say so:")
    lines += ends.map { end in
      "  \(FilePath(end.path).printable)  \(FilePath(end.operatorName).printable)  \(end.reason.text)"
    }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    [
      "schema": JSON.schema, "path": .string(path), "kind": "program",
      "inputs": .array(program.body.inputs.map(\.json)), "outputs": .array(program.body.outputs.map(\.json)),
      "nodes": .integer(program.nodeCount),
      "stageEnds": .array(
        program.stageEnds.map { end in
          [
            "node": .string(end.path), "operator": .string(end.operatorName),
            "reason": .string(end.reason.rawValue), "position": .integer(end.position),
          ]
        }),
    ]
  }
}

extension Program.StageEnd.Reason {
  fileprivate var text: String {
    switch self {
    case .control: "decides during the run what is computed"
    case .sequence: "is about sequences or optionals"
    case .extents: "gives results whose number follows from data"
    case .value: "needs a value that follows from data"
    }
  }
}

extension ProgramPort {
  fileprivate var text: String {
    let shape = extents.map { $0.map { $0.map(String.init) ?? "?" }.joined(separator: "×") } ?? "of any shape"
    return otherKind ?? "\(type?.rawValue ?? "?") \(shape)"
  }

  fileprivate var json: JSON {
    [
      "name": .string(name), "type": type.map { .string($0.rawValue) } ?? .null,
      "shape": extents.map { .array($0.map { $0.map { .integer($0) } ?? .null }) } ?? .null,
      "kind": .string(otherKind ?? "tensor"),
    ]
  }
}
