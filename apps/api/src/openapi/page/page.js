// The script of `/docs`. It runs in the browser, after Swagger UI's bundle.

/** The key of the token in the storage of the tab, which outlives a reload but not the tab. */
const TOKEN = 'bookings-token';
const SCHEME = 'callerToken';
/** The path of all customers of a business, which a create and a list have. */
const CUSTOMERS = /\/customers\/?(?:\?|$)/i;

/** Dark mode of Swagger UI is a class, so it follows the system here. */
const darkMode = matchMedia('(prefers-color-scheme: dark)');
const followSystem = () => document.documentElement.classList.toggle('dark-mode', darkMode.matches);
darkMode.addEventListener('change', followSystem);
followSystem();

/** A token as people paste it: with the scheme in front, or with a line break. */
const withoutScheme = (token) => token.trim().replace(/^Bearer\s+/i, '');

/** Keeps the token for the tab until "Logout". */
const keepToken = {
  authorize: (authorize) => (authorizations) => {
    const given = authorizations[SCHEME];
    if (typeof given?.value !== 'string') return authorize(authorizations);
    const value = withoutScheme(given.value);
    sessionStorage.setItem(TOKEN, value);
    return authorize({ ...authorizations, [SCHEME]: { ...given, value } });
  },
  logout: (logout) => (names) => {
    sessionStorage.removeItem(TOKEN);
    return logout(names);
  },
};

/** Shows an error as one line, which unfolds into Swagger UI's own row. */
const foldErrors = (Response, { React }) =>
  function FoldedResponse(props) {
    const [isOpen, setOpen] = React.useState(false);
    const { code, response } = props;
    if (!/^[45]/.test(code)) return React.createElement(Response, props);
    const line = React.createElement(
      'tr',
      { className: 'response folded', 'data-code': code, key: 'line' },
      React.createElement('td', { className: 'response-col_status' }, code),
      React.createElement(
        'td',
        { className: 'response-col_description', colSpan: 2 },
        React.createElement(
          'button',
          { type: 'button', 'aria-expanded': isOpen, onClick: () => setOpen(!isOpen) },
          response.get('description', '').replaceAll('`', ''),
        ),
      ),
    );
    const row = React.createElement(Response, { ...props, className: 'unfolded', key: 'row' });
    return React.createElement(React.Fragment, null, line, isOpen && row);
  };

/** The id of the customer in the response to a create, or of the first one in a list. */
const customerIn = (body) => body?.id ?? body?.value?.[0]?.id;

/** Enters the id into the operations about one customer. What was typed there stays. */
function useCustomer(id) {
  for (const [path, item] of Object.entries(ui.specSelectors.specJson().toJS().paths)) {
    if (!path.includes('{customer}')) continue;
    for (const method of Object.keys(item)) {
      ui.specActions.changeParam([path, method], 'customer', 'path', id, false);
    }
  }
}

const ui = SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#page',
  deepLinking: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  plugins: [
    {
      wrapComponents: { response: foldErrors },
      statePlugins: { auth: { wrapActions: keepToken } },
    },
  ],
  responseInterceptor: (response) => {
    const id = CUSTOMERS.test(response.url) ? customerIn(response.obj) : undefined;
    if (typeof id === 'string') useCustomer(id);
    return response;
  },
  onComplete: () => {
    const token = sessionStorage.getItem(TOKEN);
    if (token !== null) ui.preauthorizeApiKey(SCHEME, token);
  },
});
