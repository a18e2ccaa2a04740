public import VisionCompute
public import VisionGraph
public import VisionModel
package import VisionRuntime
import VisionSystem
import VisionTensor

/// Runs a program on named values. Its stages are compiled when they are first met and kept, with their memory, for
/// later runs with the same types and shapes.
///
/// One thread at a time may use it.
///
/// ```swift
/// let session = ProgramSession(try OnnxReader.readProgram("detector.onnx"), on: Executor())
/// let results = try session.run(["image": .tensor(image)])
/// ```
public final class ProgramSession {
  /// Options for compiling stages.
  public struct Options: Sendable {
    /// How convolutions are computed.
    package var convolutions = ConvolutionAlgorithm.automatic
    package var precision = ComputePrecision.float32
    /// Whether the references run instead of compiled plans.
    public var isInterpreted = false
    /// The most iterations of all loops of a run together.
    public var loopIterations: Int
    /// The most bytes that values and a stage may take together; by default three quarters of the machine's memory.
    public var memoryLimit: Int

    public init() {
      loopIterations = GraphLimits.loopIterations
      memoryLimit = MachineMemory.limit
    }
  }

  public let program: Program
  let options: Options
  let stages: StageCache

  /// Compiles nothing yet.
  public init(_ program: Program, on executor: Executor, _ options: Options = Options()) {
    self.program = program
    self.options = options
    stages = StageCache(executor, options)
  }

  /// The outputs by name for the inputs by name.
  ///
  /// - Throws: `GraphError` when an input is missing or does not fit, when the values do not fit a node, or when a limit
  ///   is reached: of the iterations of loops, of the length of sequences or of memory.
  public func run(_ inputs: [String: ProgramValue]) throws(GraphError) -> [String: ProgramValue] {
    let body = program.body
    for name in inputs.keys.sorted() where !body.inputs.contains(where: { $0.name == name }) {
      let names = body.inputs.map(\.name).joined(separator: ", ")
      throw GraphError(.input, "the network has no input '\(name)'", remedy: "its inputs are: \(names)")
    }
    var values: [ProgramValue] = []
    for port in body.inputs {
      guard let value = inputs[port.name] else {
        throw GraphError(.input, "input '\(port.name)' is missing", place: port.name)
      }
      try Self.check(value, port)
      values.append(value)
    }
    let run = ProgramRun(self)
    let results = try run.run(body, values, in: nil)
    return Dictionary(uniqueKeysWithValues: zip(body.outputs.map(\.name), results))
  }

  private static func check(_ value: ProgramValue, _ port: ProgramPort) throws(GraphError) {
    let isFit: Bool
    switch value {
    case .tensor(let tensor):
      let fits = port.extents.map { declared in
        declared.count == tensor.shape.rank
          && zip(declared, tensor.shape).allSatisfy { $0 == nil || $0 == $1 }
      }
      isFit =
        [nil, "optional"].contains(port.otherKind) && port.type ?? tensor.elementType == tensor.elementType
        && fits ?? true
    case .sequence: isFit = ["sequence", "optional sequence"].contains(port.otherKind)
    case .absent: isFit = port.otherKind?.hasPrefix("optional") ?? false
    }
    guard isFit else {
      let kind = port.otherKind ?? port.type?.rawValue ?? "a tensor"
      let shape =
        port.extents.map { " " + $0.map { $0.map(String.init) ?? "?" }.joined(separator: "×") } ?? ""
      throw GraphError(
        .input, "input '\(port.name)' is \(value), but the network wants \(kind)\(shape)", place: port.name)
    }
  }
}
