import ArgumentParser
import VisionTraining

/// How the work is done and where the results go.
struct CallFlags: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp(.output), completion: .directory) var output: String?
  @Option(help: ArgumentHelp(.seed)) var seed: String?
  @Option(help: ArgumentHelp(.threads)) var threads: String?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.usesCache)) var cache: Bool?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.isOffline)) var offline: Bool?
  @Flag(inversion: .prefixedNo, help: ArgumentHelp(.keepsImageHashes)) var imageHashes: Bool?
  @Flag(help: ArgumentHelp(.isDryRun)) var dryRun = false
  @Flag(help: ArgumentHelp(.findsRate)) var findLr = false
}
