import Hummingbird
import NIOCore

/// What belongs to a request beside itself.
struct ServiceContext: InitializableFromSource {
  let channel: any Channel

  init(source: ApplicationRequestContextSource) { channel = source.channel }
}
