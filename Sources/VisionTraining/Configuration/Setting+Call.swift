import VisionCompute

/// Settings of execution, and of a single call of the command.
extension GivenSettings {
  static let call: [any AnySetting] = [
    Setting.threads, Setting.keepsImageHashes, Setting.usesCache, Setting.isOffline, Setting.output,
    Setting.isDryRun, Setting.findsRate,
  ]
}

extension Setting where Choice == Int {
  /// Threads to use. The result does not depend on it.
  public static let threads = Setting(
    "threads", .whole(1...1024), .run, keptIn: [],
    help: "Threads to use; the result does not depend on it. (default: one per core)"
  ) { _ in Executor.availableThreads }
}

extension Setting where Choice == Bool {
  /// Whether the model keeps hashes of the images that it was trained with.
  public static let keepsImageHashes = Setting(
    "image-hashes", .flag, .run,
    help:
      "Keep hashes of the images in the model, so that evaluate knows which it has seen. (default: --image-hashes)"
  ) { _ in true }

  /// Whether features are cached for later runs.
  public static let usesCache = Setting(
    "cache", .flag, .pretrained,
    help: "Read features from the cache, and write new ones to it. (default: --cache)"
  ) { _ in true }

  /// Whether internet access is forbidden.
  public static let isOffline = Setting(
    "offline", .flag, .run, keptIn: [.head, .fineTune], help: "Do not use the internet."
  ) { _ in false }

  /// Whether the run is only described, and nothing is trained.
  public static let isDryRun = Setting(
    "dry-run", .flag, .call,
    help: "Print what would be trained on what, with every setting, and do nothing."
  ) { _ in false }

  /// Whether a learning rate is searched for instead of training.
  public static let findsRate = Setting(
    "find-lr", .flag, .call, recipes: [.scratch], objection: "the rate of fine-tuning is not searched for",
    help: "Try increasing learning rates instead of training; writes find-lr.svg and find-lr.csv."
  ) { _ in false }
}

extension Setting where Choice == String? {
  /// The run's folder; nil for a new one.
  public static let output = Setting(
    "output", .optional(.text), .call, help: "The run's folder. (default: runs/DATA-N)"
  ) { _ in nil }
}
