import ArgumentParser
import VisionCompute
import VisionNet
import VisionSystem

/// The `visionnet` command.
struct Visionnet: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "visionnet",
      abstract: "Photos in, labels out: convolutional networks on the CPU.",
      discussion: """
        Results go to standard output, messages to standard error.

        Exit codes:
          0    ok
          1    failure
          2    finished, but some inputs were unreadable
          64   usage: an unknown flag, value or architecture, a missing argument
          65   bad data or model, or no readable image
          66   missing input: no such file or model, no images at the given place,
               a folder where a file is needed, no permission to read
          74   input or output failed, for example on a full disk
          130  interrupted
        """,
      version: VersionText.firstLine,
      // Each type gives its command name, because deriving the names from the types takes a millisecond at
      // each start.
      groupedSubcommands: [
        CommandGroup(
          name: "Use", subcommands: [Classify.self, Detect.self, Faces.self, Explain.self, Serve.self]),
        CommandGroup(
          name: "Train",
          subcommands: [Train.self, Doctor.self, Preview.self, Evaluate.self]),
        CommandGroup(
          name: "Models",
          subcommands: [Models.self, Inspect.self, Quantize.self, Export.self, Run.self, Bench.self]),
        CommandGroup(name: "Data", subcommands: [Datasets.self, AnnotationsCommand.self]),
        CommandGroup(
          name: "Files", subcommands: [Convert.self, Preprocess.self, PreprocessingCommand.self]),
      ])
  }
}

@main enum Main {
  static func main() {
    // Writing to a closed pipe then fails with EPIPE, and the process ends without a message.
    signal(SIGPIPE, SIG_IGN)
    // Looking for libraries takes a while, so that it is done for this alone.
    if CommandLine.arguments.dropFirst().elementsEqual(["--version"]) {
      print(VersionText.text)
      return
    }
    warnOfInstructionSet()
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      try SubcommandCheck.check(arguments)
      var command = try Visionnet.parseAsRoot(ModelArgument.moved(arguments))
      try command.run()
    } catch is Output.Closed {
      return
    } catch let error as any VisionError {
      Messages().error(FlagHint.description(of: error))
      exit(ExitStatus(error).rawValue)
    } catch {
      refuse(error)
    }
  }

  /// Says what is wrong with the arguments in the form of all messages, or prints help, and ends.
  private static func refuse(_ error: any Error) -> Never {
    let prefix = "Error: "
    let text = Visionnet.fullMessage(for: error)
    guard Visionnet.exitCode(for: error) == .validationFailure, text.hasPrefix(prefix) else {
      Visionnet.exit(withError: error)
    }
    Messages().error(beginningSmall(String(text.dropFirst(prefix.count))))
    exit(ExitStatus.usage.rawValue)
  }

  /// The text of the argument parser as messages begin here, with a small letter unless with a name such as `NCHW`.
  static func beginningSmall(_ text: String) -> String {
    let word = text.prefix { $0.isLetter }
    guard word.first?.isUppercase == true, word.dropFirst().allSatisfy(\.isLowercase) else { return text }
    return word.lowercased() + text.dropFirst(word.count)
  }

  /// Warns if `VISIONNET_ISA` asks for an instruction set that is unknown or that this machine lacks.
  private static func warnOfInstructionSet() {
    guard let wanted = getenv("VISIONNET_ISA").map({ String(cString: $0) }), !wanted.isEmpty else { return }
    let used = InstructionSet.preferred.rawValue
    guard wanted != used else { return }
    let known = InstructionSet.supported.map(\.rawValue).joined(separator: ", ")
    Messages().warning(
      "VISIONNET_ISA is '\(FilePath(wanted).printable)', but this machine has \(known): \(used) is used")
  }
}
