public import VisionSystem
import VisionTensor

/// Why a pretrained model or dataset could not be found, fetched, verified or stored.
public struct StoreError: VisionError, Hashable {
  /// The kinds of error, with stable names for programs.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// The manifest has no model of that name.
    case unknownModel
    /// The manifest has no dataset of that name.
    case unknownDataset
    /// A manifest that is malformed or has invalid values.
    case invalidManifest
    /// The model is not in the cache, and the network must not be used.
    case offline
    /// `python3` is not installed.
    case noPython
    /// `python3` has no pip.
    case noPip
    /// pip or apt could not reach its server.
    case network
    /// pip failed with another error.
    case pipFailed
    /// `apt-get` or `dpkg-deb` is not installed.
    case noApt
    /// apt-get or dpkg-deb failed with another error.
    case aptFailed
    /// The checkpoint, or a file of the dataset, does not have the manifest's checksum.
    case checksum
    /// The package, or a file in it, is invalid.
    case corrupt
    /// The cached file or the folder has changed since it was written.
    case damaged
    /// The disk is full or has too little space.
    case noSpace
    /// The cache or the folder cannot be written.
    case notWritable
    /// The output folder already contains something else.
    case occupied
    /// The pull was interrupted or cancelled.
    case interrupted
    /// There is no such file.
    case missing
    /// Another error of the operating system.
    case io

    public var blame: Blame {
      switch self {
      case .unknownModel, .unknownDataset, .missing, .offline: .missingInput
      case .invalidManifest, .checksum, .corrupt, .damaged: .data
      case .noPython, .noPip, .noApt: .machine
      case .network, .pipFailed, .aptFailed, .noSpace, .notWritable, .occupied, .io: .storage
      case .interrupted: .interruption
      }
    }
  }

  /// The kind of error.
  public let kind: Kind
  public let message: String
  /// The model, the dataset, or the file.
  public var place: String?
  public let remedy: String?

  public init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }
}
