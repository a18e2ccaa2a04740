import ArgumentParser
import VisionCompute
import VisionNet

/// The `visionnet` command.
struct Visionnet: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "visionnet",
      abstract: "Photos in, labels out: convolutional networks on the CPU.",
      discussion: """
        Data go to standard output, messages to standard error.

        Exit codes: 0 ok; 1 failure; 2 finished, but some inputs were unreadable; 64 usage; 65 bad data or \
        model; 66 missing input; 74 input or output failed; 130 interrupted.
        """,
      version: "visionnet 0.1.0 (instruction set \(InstructionSet.preferred.rawValue))",
      // Each gives its name, since working them out from the types takes a millisecond at each start.
      subcommands: [
        Classify.self, Explain.self, Train.self, Preview.self, Doctor.self, Evaluate.self, Quantize.self,
        Inspect.self,
        Convert.self, Preprocess.self, PreprocessingCommand.self, Run.self, Bench.self, Models.self,
        Datasets.self,
      ])
  }
}

@main enum Main {
  static func main() {
    // Writing to a closed pipe then fails with EPIPE, which ends the process quietly.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try Visionnet.parseAsRoot()
      try command.run()
    } catch is Output.Closed {
      return
    } catch let error as any VisionError {
      Messages().error(FlagHint.description(of: error))
      exit(ExitStatus(error).rawValue)
    } catch {
      Visionnet.exit(withError: error)
    }
  }
}
