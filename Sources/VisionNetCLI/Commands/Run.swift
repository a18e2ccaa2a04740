import VisionGraph
import VisionModel
import VisionRuntime
import ArgumentParser
import VisionCompute
import VisionNet

/// `visionnet run`: runs any graph on NumPy arrays.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run an ONNX model on NumPy arrays.",
    discussion: """
      Every output becomes NAME.npy in the output folder; '/' and other characters that a file name cannot \
      contain become '_'. If the model needs unsupported operators or types, one error lists them all before \
      anything runs.
      """)

  @Argument(help: "The ONNX file.", completion: .file())
  var model: String

  @Option(
    name: .shortAndLong, parsing: .singleValue,
    help: ArgumentHelp("The array for an input; give one per input.", valueName: "name=file.npy"))
  var input: [String] = []

  @Option(help: "The folder for the outputs; created if it does not exist.", completion: .directory)
  var outputDir: String

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @Option(help: "How convolutions are computed: auto, im2col, direct or winograd.")
  var convolutions = ConvolutionAlgorithm.automatic

  @Option(help: "Number format in convolutions and dense layers: float32 or bf16.")
  var precision = ComputePrecision.float32

  @Flag(help: "Run the slow reference implementation of every operator instead of the compiled plan.")
  var interpreter = false

  func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard !interpreter || (precision == .float32 && convolutions == .automatic) else {
      throw ValidationError(
        "--precision and --convolutions are of the compiled plan, --interpreter runs without it")
    }
    var seen: Set<String> = []
    for (name, _) in try pairs() where !seen.insert(name).inserted {
      throw ValidationError("input '\(name)' is given twice")
    }
  }

  func run() throws {
    var tensors: [String: Tensor] = [:]
    for (name, file) in try pairs() { tensors[name] = try NumPyArray.read(file) }
    let shapes = tensors.mapValues(\.shape)
    guard let network = try network(shapes) else { return try runStages(tensors) }
    for note in network.notes { Messages().note("\(model): \(note)") }
    let graph = try network.graph.bound(to: shapes)
    try check(tensors, against: graph)
    let names = try OutputNames(graph.outputs.map(\.name), in: outputDir)
    let results =
      if interpreter {
        try Interpreter(graph, parameters: network.parameters).run(tensors)
      } else {
        try compiled(graph, network.parameters, tensors)
      }
    try names.makeFolder()
    for (name, path) in names.paths {
      guard let tensor = results[name] else { continue }
      try NumPyArray.write(tensor, to: path)
      try Output().writeLine("\(path)  \(tensor)")
    }
  }

  private func compiled(_ graph: Graph, _ parameters: Parameters, _ tensors: [String: Tensor]) throws
    -> [String: Tensor]
  {
    let plan = try Plan(
      graph, parameters: parameters, convolutions: convolutions, precision: precision)
    return try plan.run(tensors, on: Executor(threads: threads))
  }

  /// Reports everything that is wrong with the inputs in one error.
  private func check(_ tensors: [String: Tensor], against graph: Graph) throws(CommandError) {
    var complaints: [String] = []
    var kind = CommandError.Kind.data
    for id in graph.inputs {
      let record = graph[id]
      guard let tensor = tensors[record.name] else {
        complaints.append("input '\(record.name)' (\(record.fact)) is missing")
        kind = .usage
        continue
      }
      if tensor.elementType != record.fact.type {
        complaints.append(
          "input '\(record.name)' is \(tensor), but the model wants \(record.fact.type.rawValue)")
      }
    }
    if complaints.isEmpty { return }
    throw CommandError(
      kind, complaints.joined(separator: "; "), place: model, remedy: "give each as --input NAME=FILE.npy")
  }

  private func pairs() throws -> [(name: String, file: String)] {
    try input.map { argument in
      guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
        throw ValidationError("--input wants NAME=FILE.npy, not '\(argument)'")
      }
      return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
    }
  }
}
