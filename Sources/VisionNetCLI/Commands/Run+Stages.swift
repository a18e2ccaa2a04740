import VisionCompute
import VisionInference
import VisionModel
import VisionNet

extension Run {
  /// The file as one graph; nil where its shapes follow from data.
  func network(_ shapes: [String: Shape]) throws -> OnnxModel? {
    do {
      return try OnnxReader.read(model, inputShapes: shapes)
    } catch {
      guard error.kind == .dataDependent else { throw error }
      return nil
    }
  }

  /// Runs a network whose shapes follow from data. A sequence among the outputs becomes NAME.0.npy, NAME.1.npy and so on.
  func runStages(_ tensors: [String: Tensor]) throws {
    let program = try OnnxReader.readProgram(model)
    let missing = program.body.inputs.map(\.name).filter { tensors[$0] == nil }
    guard missing.isEmpty else {
      throw CommandError(
        .usage, "missing: \(missing.map { "input '\($0)'" }.joined(separator: ", "))", place: model,
        remedy: "give each as --input NAME=FILE.npy")
    }
    var options = ProgramSession.Options()
    (options.convolutions, options.precision) = (convolutions, precision)
    options.isInterpreted = interpreter
    let session = ProgramSession(program, on: Executor(threads: threads), options)
    let results = try session.run(tensors.mapValues { .tensor($0) })
    var files: [(name: String, tensor: Tensor)] = []
    for name in program.body.outputs.map(\.name) {
      switch results[name] {
      case .tensor(let tensor)?: files.append((name, tensor))
      case .sequence(let list)?:
        files += list.enumerated().map { ("\(name).\($0)", $1) }
        if list.isEmpty { Messages().note("\(name): a sequence of no tensors") }
      case .absent?: Messages().note("\(name): nothing")
      case nil: break
      }
    }
    let names = try OutputNames(files.map(\.name), in: outputDir)
    try names.makeFolder()
    for ((_, tensor), (_, path)) in zip(files, names.paths) {
      try NumPyArray.write(tensor, to: path)
      try Output().writeLine("\(path)  \(tensor)")
    }
  }
}
