import VisionGraph
import VisionNet

/// Networks from bytes.
enum Networks {
  /// Reads a model, writes it, and runs small ones by the plan and by the references.
  static func onnx(_ bytes: UnsafeRawBufferPointer) {
    guard let model = try? Model(bytes: Array(bytes)) else { return }
    if let again = try? model.bytes() {
      require((try? Model(bytes: again)) != nil, "what was written is read")
    }
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

  private static let executor = Executor(threads: 1)
}
