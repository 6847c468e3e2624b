// `npm run sandbox`: the SePay sandbox alone, for any SePay client to be pointed at.

import "../tests/sandbox/main.ts";
