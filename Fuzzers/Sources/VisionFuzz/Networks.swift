import VisionGraph
import VisionInference
@testable import VisionModel
import VisionNet

/// Networks from bytes.
enum Networks {
  /// Reads a model, writes it, and runs small ones by the plan and by the references.
  static func onnx(_ bytes: UnsafeRawBufferPointer) {
    guard let model = try? Model(bytes: Array(bytes)) else { return inStages(bytes) }
    if let again = try? model.bytes() {
      require((try? Model(bytes: again)) != nil, "what was written is read")
    }
    for kind in DetectorKind.allCases { detector(model, kind) }
    let sizes = model.graph.values.map { Double($0.fact.shape.checkedElementCount ?? Int.max) }
    guard model.graph.flops < 1 << 20, sizes.reduce(0, +) < 65_536 else { return }
    var inputs: [String: Tensor] = [:]
    for id in model.graph.inputs {
      let record = model.graph[id]
      inputs[record.name] = Tensor(elementType: record.fact.type, shape: record.fact.shape) { target in
        for index in target.indices { target[index] = UInt8(truncatingIfNeeded: index & 1) }
      }
    }
    _ = try? Interpreter(model.graph, parameters: model.parameters).run(inputs)
    guard let plan = try? Plan(model.graph, parameters: model.parameters) else { return }
    _ = try? plan.run(inputs, on: executor)
  }

  /// Decodes a network's outputs as those of a detector.
  private static func detector(_ model: Model, _ kind: DetectorKind) {
    guard let detector = try? ForeignDetector(model, head: kind) else { return }
    require(detector.model.graph.outputs.count >= 2, "a detector gives boxes and scores")
    if let again = try? detector.model.bytes() {
      require((try? Model(bytes: again)) != nil, "a detector that was written is read")
    }
    _ = try? detector.model(width: 64, height: 32)
  }

  /// Reads a frozen graph of TensorFlow as a detector, and writes it as ONNX.
  static func frozen(_ bytes: UnsafeRawBufferPointer) {
    guard let graph = try? FrozenGraph(bytes: Array(bytes)) else { return }
    let named = graph.nodes.prefix(64).map(\.name)
    for name in named {
      var importer = FrozenGraphImporter(graph)
      try? importer.translate([name])
    }
    guard let model = try? FrozenDetector.model(graph) else { return }
    require(model.graph.outputs.map(\.name) == ["boxes", "scores"], "a detector gives boxes and scores")
    guard let again = try? model.bytes() else { return }
    require((try? Model(bytes: again)) != nil, "what was written is read")
  }

  /// Reads a model of Keras, and writes it as ONNX.
  static func hdf5(_ bytes: UnsafeRawBufferPointer) {
    guard let file = try? HDF5File(bytes: Array(bytes)), let model = try? KerasModel.model(file) else {
      return
    }
    guard let again = try? model.bytes() else { return }
    require((try? Model(bytes: again)) != nil, "what was written is read")
  }

  /// Reads the layers of a model of Keras.
  static func keras(_ bytes: UnsafeRawBufferPointer) {
    guard let text = String(validating: bytes, as: UTF8.self),
      let configuration = try? KerasConfiguration(text)
    else { return }
    for layer in configuration.layers {
      _ = try? layer.inputShape()
      _ = try? layer.margins("padding")
    }
  }

  /// Runs a network whose shapes follow from data, with few iterations and little memory.
  private static func inStages(_ bytes: UnsafeRawBufferPointer) {
    guard let program = try? OnnxReader.readProgram(bytes: Array(bytes)) else { return }
    for kind in DetectorKind.allCases {
      _ = try? StagedHead(program, labels: nil, head: kind)
      _ = try? SelectedOutputs(program, head: kind)
    }
    var inputs: [String: ProgramValue] = [:]
    for port in program.inputs {
      let shape = Shape((port.extents ?? [2]).map { $0 ?? 2 })
      guard shape.checkedElementCount.map({ $0 < 4096 }) ?? false else { return }
      inputs[port.name] = .tensor(
        Tensor(elementType: port.type ?? .float32, shape: shape) { target in
          for index in target.indices { target[index] = UInt8(truncatingIfNeeded: index & 1) }
        })
    }
    var options = ProgramSession.Options()
    (options.loopIterations, options.memoryLimit) = (64, 1 << 22)
    let session = ProgramSession(program, on: executor, options)
    let first = try? session.run(inputs)
    let second = try? session.run(inputs)
    require(first?.count == second?.count, "a run can be repeated")
  }

  private static let executor = Executor(threads: 1)
}
