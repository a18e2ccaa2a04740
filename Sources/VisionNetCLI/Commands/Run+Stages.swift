import VisionCompute
import VisionGraph
import VisionInference
import VisionModel
import VisionNet
import VisionTensor

extension Run {
  /// A network with its weights, and what to know of its file.
  struct Network {
    let graph: Graph
    let parameters: Parameters
    var notes: [String] = []
  }

  /// The file as one graph, an ONNX file or one of Keras or TensorFlow; nil where its shapes follow from data.
  func network(_ shapes: [String: Shape]) throws -> Network? {
    do {
      let file = try OnnxReader.read(model, inputShapes: shapes)
      return Network(graph: file.graph, parameters: file.parameters, notes: file.notes)
    } catch {
      switch error.kind {
      case .dataDependent: return nil
      case .foreign:
        // A file of another kind that models are read from, or else the same error.
        let other = try Model(contentsOf: model)
        return Network(graph: other.graph, parameters: other.parameters)
      default: throw error
      }
    }
  }

  /// The value of an input that is no tensor.
  private func value(_ port: ProgramPort, _ tensors: [Tensor]?) throws(CommandError) -> ProgramValue {
    guard let tensors else {
      throw CommandError(
        .usage, "input '\(port.name)' (\(port.otherKind ?? "")) is missing", place: model,
        remedy: "give its arrays in order, each as --input NAME=FILE.npy, or --input NAME= for none")
    }
    if port.otherKind == "sequence" { return .sequence(tensors) }
    if tensors.isEmpty { return .absent }
    return port.otherKind == "optional" && tensors.count == 1 ? .tensor(tensors[0]) : .sequence(tensors)
  }

  /// Runs a network whose shapes follow from data. A sequence among the outputs becomes NAME.0.npy, NAME.1.npy and so on.
  func runStages(_ inputs: RunInputs, _ arrays: [String: Tensor]) throws {
    let program = try OnnxReader.readProgram(model)
    let shapes = inputs.shapes(arrays)
    let lists = program.inputs.filter { $0.otherKind != nil }
    try inputs.check(lists: Set(lists.map(\.name)))
    let facts = program.inputs.filter { $0.otherKind == nil }.map { port in
      let declared = Shape(port.extents?.map { $0 ?? 1 } ?? [])
      let type = port.type ?? arrays[port.name]?.elementType ?? .float32
      return (name: port.name, fact: Fact(type, shapes[port.name] ?? declared))
    }
    let tensors = try inputs.tensors(arrays, for: facts, model: model) {
      saying.messages.note("\(model): \($0)")
    }
    var options = ProgramSession.Options()
    (options.convolutions, options.precision) = (convolutions, precision)
    options.isInterpreted = interpreter
    let session = ProgramSession(program, on: Executor(threads: threads), options)
    var values = tensors.mapValues { ProgramValue.tensor($0) }
    for port in lists { values[port.name] = try value(port, inputs.list(port.name, arrays)) }
    let results = try session.run(values)
    var files: [(name: String, tensor: Tensor)] = []
    for name in program.body.outputs.map(\.name) {
      switch results[name] {
      case .tensor(let tensor)?: files.append((name, tensor))
      case .sequence(let list)?:
        files += list.enumerated().map { ("\(name).\($0)", $1) }
        if list.isEmpty { saying.messages.note("\(name): a sequence of no tensors") }
      case .absent?: saying.messages.note("\(name): nothing")
      case nil: break
      }
    }
    let names = try OutputNames(files.map(\.name), in: outputDir ?? ".")
    try write(Dictionary(files.map { ($0.name, $0.tensor) }) { first, _ in first }, names)
  }
}
