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
    abstract: "Run a model on NumPy arrays.",
    discussion: """
      Every output becomes NAME.npy in the output folder, or an array NAME in one .npz file; '/' and other \
      characters that a file name cannot contain become '_'. If the model needs unsupported operators or types, \
      one error lists them all before anything runs.

      NumPy has no bfloat16, no 8-bit floats and no 4-bit numbers: arrays of such inputs and outputs hold their \
      bits as unsigned integers of the same width, uint16 for bfloat16 and uint8 for the others, where a 4-bit \
      number takes the low half of a byte.

      An input that is a sequence is given by one array for each of its tensors, in their order, and a sequence \
      without tensors, or an optional that holds nothing, by NAME=. An output that is a sequence becomes \
      NAME.0.npy, NAME.1.npy and so on.

      An input of which only the shape is given is filled from a fixed seed: floating-point numbers are normally \
      distributed, int8 and uint8 are random bytes, all others are 0.
      """)

  @Argument(
    help:
      "An ONNX file, one of Keras (.h5), a frozen graph of TensorFlow (.pb), a run's folder or the name of a pretrained model; also by -m.",
    completion: .file())
  var model: String

  @Option(
    name: .shortAndLong, parsing: .singleValue,
    help: ArgumentHelp(
      "The array for an input, or FILE.npz with arrays named like inputs; may be repeated.",
      valueName: "name=file.npy"))
  var input: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The shape of an input without an array, such as x=1,3,640,640; may be repeated.",
      valueName: "name=extents"))
  var shape: [String] = []

  @Option(help: "The folder for the outputs; created if it does not exist.", completion: .directory)
  var outputDir: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("One file for all outputs, instead of a folder.", valueName: "file.npz"),
    completion: .file(extensions: ["npz"]))
  var output: String?

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @Option(help: "How convolutions are computed.")
  var convolutions = ConvolutionAlgorithm.automatic

  @Option(help: "Number format in convolutions and dense layers.")
  var precision = ComputePrecision.float32

  @Flag(help: "Run the slow reference implementation of every operator instead of the compiled plan.")
  var interpreter = false

  @Flag(
    help:
      "Give what a detector's outputs mean, boxes, scores and perhaps points before any selection, instead of the outputs."
  )
  var decode = false

  @Option(
    help: ArgumentHelp(
      "With --decode: what the outputs mean, if that is not recognized."))
  var head: DetectorKind?

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup var overwriting: OverwriteFlag

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard decode || head == nil else { throw ValidationError("--head needs --decode") }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard !interpreter || (precision == .float32 && convolutions == .automatic) else {
      throw ValidationError(
        "--precision and --convolutions are of the compiled plan, --interpreter runs without it")
    }
    guard (outputDir == nil) != (output == nil) else {
      throw ValidationError("give --output-dir FOLDER or --output FILE.npz")
    }
    guard output?.hasSuffix(".npz") ?? true else { throw ValidationError("--output wants a file named .npz") }
    _ = try RunInputs(input, shapes: shape)
  }

  func run() throws {
    var command = self
    command.model = try ModelLocator(offline: offline, messages: saying.messages).path(of: model)
    try command.runModel()
  }

  private func runModel() throws {
    let inputs = try RunInputs(input, shapes: shape)
    let arrays = try inputs.read()
    if decode { return try runDecoded(inputs, arrays) }
    let shapes = inputs.shapes(arrays)
    guard let network = try network(shapes) else { return try runStages(inputs, arrays) }
    try inputs.check(lists: [])
    for note in network.notes { saying.messages.note("\(model): \(note)") }
    let graph = try network.graph.bound(to: shapes)
    let tensors = try inputs.tensors(
      arrays, for: graph.inputs.map { (graph[$0].name, graph.fact($0)) }, model: model
    ) { saying.messages.note("\(model): \($0)") }
    let names = try OutputNames(graph.outputs.map(\.name), in: outputDir ?? ".")
    let results =
      if interpreter {
        try Interpreter(graph, parameters: network.parameters).run(tensors)
      } else {
        try compiled(graph, network.parameters, tensors)
      }
    try write(results, names)
  }

  func write(_ results: [String: Tensor], _ names: OutputNames) throws {
    var written = WrittenFiles()
    if let output {
      try overwriting.check(output)
      var arrays = Parameters()
      for (name, file) in names.files { arrays[file] = results[name] }
      try NumPyArchive.write(arrays, to: output)
      for (name, tensor) in arrays {
        written.add(output, line: "\(output): \(name)  \(tensor)", Self.facts(name, tensor))
      }
    } else {
      try names.makeFolder()
      try overwriting.check(names.paths.filter { results[$0.name] != nil }.map(\.path))
      for (name, path) in names.paths {
        guard let tensor = results[name] else { continue }
        try NumPyArray.write(tensor, to: path)
        written.add(path, line: "\(path)  \(tensor)", Self.facts(name, tensor))
      }
    }
    try written.write(format)
  }

  private static func facts(_ name: String, _ tensor: Tensor) -> [(String, JSON)] {
    [
      ("name", .string(name)), ("type", .string(tensor.elementType.rawValue)),
      ("shape", .array(tensor.shape.map { .integer($0) })),
    ]
  }

  func compiled(_ graph: Graph, _ parameters: Parameters, _ tensors: [String: Tensor]) throws
    -> [String: Tensor]
  {
    let plan = try Plan(
      graph, parameters: parameters, convolutions: convolutions, precision: precision)
    return try plan.run(tensors, on: Executor(threads: threads))
  }
}
