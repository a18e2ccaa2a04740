import ArgumentParser

/// `visionnet datasets`: public datasets to train on.
struct Datasets: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets",
    abstract: "List and download public datasets.",
    discussion: "Packages are downloaded with the system's pip and apt; nothing is installed.",
    subcommands: [DatasetsList.self, DatasetsPull.self], defaultSubcommand: DatasetsList.self)
}
