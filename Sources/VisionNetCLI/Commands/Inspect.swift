import VisionRuntime
import ArgumentParser
import VisionNet

/// `visionnet inspect`: describes a model, an image or a file of tensors.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Describe an image, a model or a file of tensors.",
    usage: "visionnet inspect <subject> [<options>]",
    discussion: """
      Image: format, size, orientation. Model: layers with totals, labels, preprocessing; with --plan, each \
      step of its execution on this machine, with the fused operators, the kernel and the reason for it, \
      layout and memory. PyTorch checkpoint, safetensors, .npy or .npz: tensors.
      """)

  @Argument(
    help:
      "An image (- for standard input), a model, a file of tensors, or the name of a pretrained model or architecture; a model also by -m.",
    completion: .file())
  var subject: String

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup var input: PreprocessingOption

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @Flag(help: "Show how a model runs on this machine.")
  var plan = false

  @Option(help: "With --plan: threads to plan for. (default: one per core)")
  var threads: Int?

  @Option(name: [.customLong("batch-size"), .customLong("batch")], help: "With --plan: images per run.")
  var batchSize: Int?

  @Option(help: "With --plan: how convolutions are computed.")
  var convolutions = ConvolutionAlgorithm.automatic

  @Option(help: "With --plan: number format in convolutions and dense layers.")
  var precision = ComputePrecision.float32

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard
      plan || (threads == nil && batchSize == nil && convolutions == .automatic && precision == .float32)
    else {
      throw ValidationError("--threads, --batch-size, --convolutions and --precision need --plan")
    }
    guard batchSize.map({ (1...4096).contains($0) }) ?? true else {
      throw ValidationError("--batch-size must be from 1 to 4096")
    }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  func run() throws {
    var command = self
    if FilePath(subject).kind == .directory {
      command.subject = try ModelLocator(offline: offline, messages: saying.messages).path(of: subject)
    }
    try command.describe()
  }

  private func describe() throws {
    let path = try FilePath.image(subject)
    let output = try Output()
    if plan {
      if isImage(path) {
        throw CommandError(.usage, "an image has no plan", place: path.printable, remedy: "name a model")
      }
      let report = try PlanReport(
        try modelReport(path), batch: batchSize ?? 1, threads: threads, convolutions: convolutions,
        precision: precision)
      try output.writeLine(format == .json ? report.json.indented : report.text(width: output.width))
    } else if !isModel(path), let report = try TensorReport.of(path) {
      try output.writeLine(format == .json ? report.json.indented : report.text(width: output.width))
    } else if isImage(path) {
      let report = try ImageReport(path)
      try output.writeLine(format == .json ? report.json.indented : report.text)
    } else if let report = try describedModel(path) {
      try output.writeLine(format == .json ? report.json.indented : report.text(width: output.width))
    } else {
      let report = try ProgramReport(path: path.text)
      try output.writeLine(format == .json ? report.json.indented : report.text)
    }
  }

  /// Nil for a network that runs in stages.
  private func describedModel(_ path: FilePath) throws -> ModelReport? {
    do {
      return try modelReport(path)
    } catch let error as FormatError {
      guard error.kind == .dataDependent else { throw error }
      return nil
    }
  }

  private func modelReport(_ path: FilePath) throws -> ModelReport {
    let locator = ModelLocator(offline: offline, messages: saying.messages)
    if path.kind == .missing, !locator.isPublished(subject) {
      if let architecture = Architecture.named(subject) { return try ModelReport(architecture) }
      throw CommandError(
        .missing, "no such file, and no model of that name", place: path.printable,
        remedy: "visionnet models list names the models")
    }
    return try ModelReport(path: try locator.path(of: subject), input)
  }

  /// An ONNX file begins with its version, field 1 of the message. A file that neither begins like a model nor is named
  /// as a model counts as an image, because the image reader recognizes the names of many formats.
  private func isImage(_ path: FilePath) -> Bool {
    if ImageName.matches(path.bytes) || path.content != nil { return true }
    guard path.kind != .missing else { return false }
    return !isModel(path)
  }

  private func isModel(_ path: FilePath) -> Bool {
    let name = path.text.lowercased()
    // ONNX, frozen graphs of TensorFlow, and HDF5 as Keras writes it.
    return [".onnx", ".pb"].contains { name.hasSuffix($0) } || path.beginning(1) == [0x08]
      || path.beginning(4) == [0x89, 0x48, 0x44, 0x46]
  }
}

/// Text for people or JSON for programs.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
